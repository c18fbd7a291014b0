using System.Globalization;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Schedule;

/// <summary>Says in words how a phase is laid out and cut for a target.</summary>
internal static class ScheduleText
{
    public static IEnumerable<string> Lines(TileProgram program, MemoryPlan memory, Target target)
    {
        yield return $"schedule for {target.Name}, phase {program.Name}: {Lanes(target, program.ElementBytes)}, {Text(memory.StateLength)} elements of state, {Text(memory.ScratchLength)} of scratch";
        foreach (TileOp.Gemm gemm in program.AllOps.OfType<TileOp.Gemm>())
        {
            if (gemm.HasPanels)
            {
                Panel tile = PanelBlocking.Tiles(target, program.ElementBytes)[0];
                yield return $"  {gemm.Assigns[0].Target.Name}: panels of {Text(PanelBlocking.Width(program.ElementBytes))} columns, k in blocks of {Text(Math.Min(PanelBlocking.Depth(gemm.Terms[0].B.Rows.Size), gemm.Terms[0].B.Rows.Size))}, tiles of {Text(tile.Rows)} rows x {Text(tile.Vectors)} vectors";
                continue;
            }

            IReadOnlyList<Panel> panels = Blocking.Panels(target, program.ElementBytes, gemm);
            string widths = string.Join(", ", panels.GroupBy(p => p.Vectors).Select(g => $"{Text(g.Count())} of {Text(g.First().Rows)} rows x {Text(g.Key)} vectors"));
            yield return $"  {gemm.Assigns[0].Target.Name}: panels {widths}";
        }

        foreach (Tile tile in program.Tiles.Where(t => t.Role is TileRole.State or TileRole.Chunk or TileRole.Scratch or TileRole.Tokens or TileRole.Slot || (t.Role == TileRole.Output && program.Grid == ProgramGrid.Sequence)))
        {
            TileMemory place = memory[program, tile];
            string transposed = place.IsTransposed ? $", transposed at {Text(place.TransposedOffset)} stride {Text(place.TransposedStride)}" : "";
            yield return $"  {tile.Name}: {(tile.Role switch { TileRole.Scratch => "scratch", TileRole.Output => "staged in scratch", TileRole.Tokens => "tokens", TileRole.Slot => "slot", _ => "state" })} at {Text(place.Offset)} stride {Text(place.Stride)}{transposed}";
        }
    }

    private static string Lanes(Target target, int bytes) =>
        target.VectorBytes == 0 ? "no vectors" : $"vectors of {Text(target.Lanes(bytes))}";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
