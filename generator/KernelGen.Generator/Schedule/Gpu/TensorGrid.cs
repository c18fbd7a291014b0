using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Schedule.Gpu;

/// <summary>
/// How a product's results are dealt out to warps with tensor cores: units of 16 rows by some pairs of 8 columns, the same for every product of the same shape, so that a state's
/// sums stay where they are. Threads have no more sums than they have elements of 8 x 4 tiles without tensor cores.
/// </summary>
/// <param name="Strips">Sixteens of rows.</param>
/// <param name="Pairs">Sixteens of columns.</param>
/// <param name="Groups">Units that share a strip.</param>
/// <param name="Warps">Warps of a block.</param>
internal readonly record struct TensorGrid(int Strips, int Pairs, int Groups, int Warps)
{
    /// <summary>Rows of a unit, columns of a pair, and depth of a step.</summary>
    public const int Size = 16;

    public int PairsOfUnit => Pairs / Groups;

    public int Units => Strips * Groups;

    /// <summary>Units that a warp has at most.</summary>
    public int Rounds => (Units + Warps - 1) / Warps;

    public static TensorGrid Of(Tile tile, int threads)
    {
        int strips = GpuSchedule.Up(tile.Rows.Size, Size) / Size, pairs = GpuSchedule.ColumnTiles(tile) * GpuGrid.TileColumns / Size, warps = threads / 32, groups = 1;
        while (strips * groups < warps && pairs % (2 * groups) == 0)
            groups *= 2;
        return new TensorGrid(strips, pairs, groups, warps);
    }

    /// <summary>
    /// Whether a phase has a form with tensor cores: where tensors have 16 bits, chunks are whole steps (a step kernel's are not: its eight rows would leave half of every
    /// product unused) and rows of what is multiplied are a power of two words long, padding and all, since a row's rests lie where one bit of a word's number is turned.
    /// </summary>
    public static bool Serves(GpuSchedule schedule)
    {
        TileOp.Gemm[] gemms = [.. schedule.Ops.OfType<TileOp.Gemm>()];
        return schedule.Program.Tokens != TokenFormat.Element
            && schedule.Loop is { } loop && loop.Size % Size == 0
            && gemms.SelectMany(g => g.Terms.SelectMany(t => new[] { t.A, t.B }).Concat(TileProgram.Writes(g))).All(t => IsPower(GpuSchedule.ColumnTiles(t)))
            && schedule.Ops.SelectMany(OperandsOf).All(o => o.By != Broadcast.Transposed);
    }

    private static IEnumerable<Operand> OperandsOf(TileOp op) => op switch
    {
        TileOp.Map map => map.Operands,
        TileOp.Reduce reduce => reduce.Terms.SelectMany(t => t.Operands).Concat(reduce.Operands),
        TileOp.Gemm gemm => gemm.Operands,
        _ => [],
    };

    private static bool IsPower(int value) => (value & (value - 1)) == 0;
}
