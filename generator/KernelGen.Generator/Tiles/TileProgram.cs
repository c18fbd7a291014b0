using KernelGen.Generator.Support;

namespace KernelGen.Generator.Tiles;

/// <summary>
/// One phase of a kernel: ops in order, run once per sequence and head. Ops before the <see cref="TileOp.ForChunks"/> prepare what every chunk
/// uses. Knows no instruction set and no system.
/// </summary>
/// <param name="Name">Method name of the phase: <c>Sweep</c>, <c>Read</c>.</param>
/// <param name="ElementBytes">4 for float32, 8 for float64.</param>
/// <param name="Ops">In order.</param>
internal sealed record TileProgram(string Name, int ElementBytes, EquatableArray<TileOp> Ops)
{
    /// <summary>State tiles that this phase finds not in the state block but in the chunk's slot, as they were before the chunk.</summary>
    public EquatableArray<SlotOf> Slots { get; init; }

    /// <summary>How the caller's tokens are stored.</summary>
    public TokenFormat Tokens { get; init; }

    /// <summary>What the phase runs over.</summary>
    public ProgramGrid Grid { get; init; }

    /// <summary>Most rows of a product whose right factor is packed in panels; 0 where there is none.</summary>
    public int PanelRows => AllOps.OfType<TileOp.Gemm>().Where(g => g.HasPanels).Select(g => g.Assigns[0].Target.Rows.Size).DefaultIfEmpty().Max();

    /// <summary>Name of the sweep that this phase is a cut of; null for one that is whole.</summary>
    public string? Sweep { get; init; }

    /// <summary>Elements in the 64 bytes that rows of tiles are padded to, and that row sums run over.</summary>
    public int Lanes => 64 / ElementBytes;

    /// <summary>Every op, loops flattened, in order.</summary>
    public IEnumerable<TileOp> AllOps => Ops.SelectMany(Flatten);

    /// <summary>Every tile, in order of first use.</summary>
    public IEnumerable<Tile> Tiles => AllOps.SelectMany(TilesOf).Distinct();

    public static IEnumerable<Tile> TilesOf(TileOp op) => Reads(op).Concat(Writes(op));

    public static IEnumerable<Tile> Reads(TileOp op) => op switch
    {
        TileOp.Map map => map.Operands.SelectMany(o => WithWhole(o.Tile)).Concat(map.Guard is null ? [] : [map.Guard]),
        TileOp.Reduce reduce => reduce.Terms.SelectMany(t => t.Operands).Concat(reduce.Operands).Select(o => o.Tile),
        TileOp.Gemm gemm => gemm.Terms.SelectMany(t => t.RowScale is null ? [t.A, .. WithWhole(t.B)] : new[] { t.A, t.B, t.RowScale }).Concat(gemm.Operands.Select(o => o.Tile)).Concat(gemm.Guard is null ? [] : [gemm.Guard]),
        TileOp.Running running => running.Operands.Select(o => o.Tile),
        TileOp.Scan scan => scan.Operands.Select(o => o.Tile),
        _ => [],
    };

    public static IEnumerable<Tile> Writes(TileOp op) => Assigns(op).SelectMany(a => WithWhole(a.Target));

    public static EquatableArray<Assign> Assigns(TileOp op) => op switch
    {
        TileOp.Map map => map.Assigns,
        TileOp.Reduce reduce => reduce.Assigns,
        TileOp.Gemm gemm => gemm.Assigns,
        TileOp.Running running => running.Assigns,
        TileOp.Scan scan => scan.Assigns,
        _ => EquatableArray<Assign>.Empty,
    };

    /// <summary>What concerns a part concerns the tile that it is a part of.</summary>
    private static IEnumerable<Tile> WithWhole(Tile tile) => tile.Whole is { } whole ? [tile, whole] : [tile];

    private static IEnumerable<TileOp> Flatten(TileOp op) =>
        op is TileOp.ForChunks loop ? new[] { op }.Concat(loop.Body.SelectMany(Flatten)).Concat(loop.Close.SelectMany(Flatten)) : [op];
}

/// <summary>What a phase runs over.</summary>
internal enum ProgramGrid
{
    /// <summary>The tokens of one sequence and head.</summary>
    Sequence,

    /// <summary>A block of rows and a range of columns of the results: no loop over chunks, every row is new.</summary>
    Block,
}

/// <summary>Where a phase finds a state tile: in the chunk's slot.</summary>
internal sealed record SlotOf(Tile State, Tile Slot);
