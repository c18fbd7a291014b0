using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>
/// Lowers <see cref="TileOp.Gemm"/> to tensor cores: a warp has units of 16 rows by some pairs of 8 columns, and nobody shares a sum. Sums of states stay as tensor cores deal
/// them out; others are gathered to words of four columns, on which assignments are written as without tensor cores.
/// </summary>
internal sealed class TensorGemmWriter
{
    private readonly GpuContext _context;
    private readonly TileOp.Gemm _gemm;
    private readonly TensorGrid _grid;

    public TensorGemmWriter(GpuContext context, TileOp.Gemm gemm) => (_context, _gemm, _grid) = (context, gemm, TensorGrid.Of(gemm.Assigns[0].Target, context.Threads));

    private bool IsState => _context.Schedule[_gemm.Assigns[0].Target].Home == GpuHome.Registers;

    public void Write()
    {
        IEnumerable<Tile> factors = _gemm.Terms.SelectMany(t => t.RowScale is null ? [t.A, t.B] : new[] { t.A, t.B, t.RowScale });
        IEnumerable<(int, int)> reads = factors.Select(f => _context.Schedule.Copy(f)).Select(f => (f.Offset, f.Words));
        IEnumerable<(int, int)> operands = _context.Places(_gemm.Operands.Select(o => o.Tile)), writes = _context.Places(TileProgram.Writes(_gemm));
        if (!_context.Schedule.Overlays(_gemm))
        {
            _context.Order(reads.Concat(operands), writes);
            TensorUnits.Each(_context, _grid, first =>
            {
                Declare(first, 2 * _grid.PairsOfUnit);
                Multiply(first);
                Results(first);
            });
            return;
        }

        _context.Order(reads, []);
        Declare(0, 2 * _grid.PairsOfUnit * _grid.Rounds);
        TensorUnits.Each(_context, _grid, Multiply);
        _context.Order(operands, writes);
        TensorUnits.Each(_context, _grid, Results);
    }

    private static string Sum(int product) => "c" + GpuContext.Text(product);

    private void Declare(int first, int count) => _context.Out.Line($"Float4 {string.Join(", ", Enumerable.Range(first, count).Select(k => Sum(k) + " = default"))};");

    private void Multiply(int first)
    {
        foreach (GemmTerm term in _gemm.Terms)
        {
            using (_context.Out.Block())
                new TensorTermWriter(_context, term, _grid, first).Write();
            if (term.RowScale is { } scale)
                Scale(scale, first);
        }
    }

    private void Scale(Tile scale, int first)
    {
        using (_context.Out.Block())
        {
            GpuTile home = _context.Schedule[scale];
            _context.Out.Line($"float s0 = {GpuContext.Element(home, TensorUnits.Row(isLower: false))}, s1 = {GpuContext.Element(home, TensorUnits.Row(isLower: true))};");
            foreach (string c in Enumerable.Range(first, 2 * _grid.PairsOfUnit).Select(Sum))
                _context.Out.Line($"{c} = new Float4({c}.X * s0, {c}.Y * s0, {c}.Z * s1, {c}.W * s1);");
        }
    }

    private void Results(int first)
    {
        if (IsState)
        {
            for (int k = first; k < first + (2 * _grid.PairsOfUnit); k++)
                Fold(k);
            return;
        }

        GpuResultWriter results = new(_context, _gemm);
        for (int u = 0; u < _grid.PairsOfUnit; u++)
        {
            string[] sums = [Sum(first + (2 * u)), Sum(first + (2 * u) + 1)];
            using (_context.Out.Block())
            {
                _context.Out.Line($"TensorTile.Gather(ref {sums[0]}, ref {sums[1]});");
                _context.Out.Line($"int word = (4 * {TensorUnits.Pair(_grid, u)}) + quarter;");
                for (int half = 0; half < 2; half++)
                {
                    using (_context.Out.Block())
                    {
                        _context.Out.Line($"int row = {TensorUnits.Row(half == 1)};");
                        results.Write([.. GpuContext.Components.Select(c => $"{sums[half]}.{c}")], null, 0);
                    }
                }
            }
        }
    }

    /// <summary>A state's new elements, each from its own sum and what was there: padding is zero, and stays so.</summary>
    private void Fold(int product)
    {
        using (_context.Out.Block())
        {
            GpuOperands operands = new(_context);
            string[] sums = [.. GpuContext.Components.Select(c => $"{Sum(product)}.{c}")];
            string[][] args = [sums, .. _gemm.Operands.Select((o, i) => operands.Fetch(o, "x" + GpuContext.Text(i), "0", "0", (tile, j) => GpuGemmWriter.Register(tile, product, j)))];
            string[][] values = operands.Values([.. _gemm.Assigns], args, "0", "0", isLower: false, isPadded: false);
            for (int a = 0; a < values.Length; a++)
                _context.Out.Line(string.Join(" ", values[a].Select((v, j) => $"{GpuGemmWriter.Register(_gemm.Assigns[a].Target, product, j)} = {v};")));
        }
    }
}
