using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Schedule.Gpu;

/// <summary>Renders a GPU schedule for the head of an emitted file.</summary>
internal static class GpuScheduleText
{
    public static IEnumerable<string> Lines(GpuKernel kernel)
    {
        GpuSchedule schedule = kernel.Schedule;
        string slices = kernel.Slices.Count == 1 ? "" : $", {kernel.Slices.Count} slices of {kernel.Slices.Columns} columns of {string.Join(", ", kernel.Slices.Tensors)}";
        yield return $"schedule for a block of {schedule.Threads} threads, {schedule.UsedWords * 16} bytes of shared memory, chunks of {kernel.ChunkSize} tokens{slices}";
        foreach (TileOp.Gemm gemm in schedule.Ops.OfType<TileOp.Gemm>())
        {
            GpuGrid grid = schedule.Grid(gemm);
            string split = grid.Split == 1 ? "" : $", {grid.Split} threads to a sum";
            yield return $"  {gemm.Assigns[0].Target.Name}: {grid.RowTiles} x {grid.ColumnTiles} tiles of {GpuGrid.TileRows} x {GpuGrid.TileColumns}{split}";
            if (!kernel.HasTensorKernel)
                continue;
            TensorGrid tensors = TensorGrid.Of(gemm.Assigns[0].Target, schedule.Threads);
            yield return $"  {gemm.Assigns[0].Target.Name} on tensor cores: {tensors.Units} units of {TensorGrid.Size} x {TensorGrid.Size * tensors.PairsOfUnit} to {tensors.Warps} warps";
        }

        foreach (Tile tile in schedule.Program.Tiles)
        {
            GpuTile home = schedule[tile];
            if (home.Home == GpuHome.Registers)
                yield return $"  {tile.Name} in registers";
            else if (home.Home != GpuHome.Global)
                yield return $"  {tile.Name} at {home.Offset * 16}, {home.Words * 16} bytes";
        }
    }
}
