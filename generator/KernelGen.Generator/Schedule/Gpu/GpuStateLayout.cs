using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Schedule.Gpu;

/// <summary>
/// The state of a sequence and head in device memory: its parts one after the other, rows unpadded, as plain states are. A block that works on a slice has some columns of a
/// tile that is wider in memory than its own; a tile may be a part's transpose.
/// </summary>
/// <param name="Length">Elements of a state.</param>
/// <param name="Places">Where each tile that a phase may have lies, by name.</param>
internal sealed record GpuStateLayout(int Length, IReadOnlyDictionary<string, GpuStatePlace> Places)
{
    /// <param name="parts">The parts of a whole state.</param>
    /// <param name="tiles">Which part a tile holds, by name.</param>
    public static GpuStateLayout Of(IEnumerable<Tile> parts, IReadOnlyDictionary<string, (string Part, bool Transposed)> tiles)
    {
        Dictionary<string, (Tile Tile, int Offset)> offsets = new(StringComparer.Ordinal);
        int length = 0;
        foreach (Tile part in parts)
        {
            offsets.Add(part.Name, (part, length));
            length += GpuSchedule.Up(part.Rows.Size * part.Columns.Size, 4);
        }

        return new GpuStateLayout(length, tiles.Where(t => offsets.ContainsKey(t.Value.Part)).ToDictionary(
            t => t.Key,
            t => new GpuStatePlace(offsets[t.Value.Part].Offset, offsets[t.Value.Part].Tile.Rows.Size, offsets[t.Value.Part].Tile.Columns.Size, t.Value.Transposed),
            StringComparer.Ordinal));
    }

    public GpuStatePlace this[Tile tile] => Places[tile.Name];
}

/// <summary>Where a tile of a state lies.</summary>
/// <param name="Offset">First element in the state.</param>
/// <param name="Rows">Rows of the part.</param>
/// <param name="Columns">Columns of the part.</param>
/// <param name="Transposed">Whether the tile's columns are the part's rows.</param>
internal readonly record struct GpuStatePlace(int Offset, int Rows, int Columns, bool Transposed)
{
    /// <summary>Columns of the tile, were it whole.</summary>
    public int Width => Transposed ? Rows : Columns;
}

/// <summary>How a phase is cut: each of the blocks that share a head has some columns of the tensors in <paramref name="Tensors"/>.</summary>
/// <param name="Count">Slices.</param>
/// <param name="Columns">Columns of a slice.</param>
/// <param name="Tensors">Names of the caller's tensors that are cut.</param>
/// <param name="Sums">Numbers by token that are sums over what is cut: every slice leaves its part.</param>
internal sealed record GpuSlices(int Count, int Columns, IReadOnlyCollection<string> Tensors, IReadOnlyCollection<string> Sums);
