using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Schedule.Gpu;

/// <summary>
/// The state of a sequence and head in device memory: its tiles one after the other, rows unpadded, as plain states are. A block that works on a slice of the values has
/// some of each row of the tiles that <paramref name="Widths"/> says are wider than its own.
/// </summary>
/// <param name="Widths">Columns of each state tile, by name, as the declaration has them.</param>
internal sealed record GpuStateLayout(IReadOnlyList<(Tile Tile, int Columns, int Offset)> Widths)
{
    public int Length => Widths.Sum(w => GpuSchedule.Up(w.Tile.Rows.Size * w.Columns, 4));

    /// <param name="whole">The program over all values.</param>
    public static GpuStateLayout Of(IEnumerable<TileProgram> whole)
    {
        List<(Tile, int, int)> widths = [];
        int offset = 0;
        foreach (Tile tile in whole.SelectMany(p => p.Tiles).Where(t => t.Role == TileRole.State).Distinct())
        {
            widths.Add((tile, tile.Columns.Size, offset));
            offset += GpuSchedule.Up(tile.Rows.Size * tile.Columns.Size, 4);
        }

        return new GpuStateLayout(widths);
    }

    public int Offset(Tile tile) => Widths.Single(w => w.Tile.Name == tile.Name).Offset;

    public int Columns(Tile tile) => Widths.Single(w => w.Tile.Name == tile.Name).Columns;
}

/// <summary>How the values of a declaration are cut: blocks that share a head have <paramref name="Columns"/> of them each.</summary>
/// <param name="Count">Slices.</param>
/// <param name="Columns">Values of a slice; never as many as a key has elements, where there is more than one slice.</param>
internal readonly record struct GpuSlices(int Count, int Columns);
