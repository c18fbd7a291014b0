using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>
/// Lowers <see cref="TileOp.Gemm"/>: tiles of 8 x 4 results a thread, sixteen steps of k unrolled (nobody else will), words of four elements from both factors. Where a
/// tile's sum is shared, its parts are added in shared memory and the results dealt out anew, word by word.
/// </summary>
internal sealed class GpuGemmWriter
{
    private readonly GpuContext _context;
    private readonly TileOp.Gemm _gemm;
    private readonly GpuResultWriter _results;
    private readonly GpuGrid _grid;

    public GpuGemmWriter(GpuContext context, TileOp.Gemm gemm)
    {
        (_context, _gemm, _results, _grid) = (context, gemm, new GpuResultWriter(context, gemm), context.Schedule.Grid(gemm));
    }

    /// <summary>Whether threads meet between a product's sums and its results: where several share a sum, and where results lie where factors were.</summary>
    private bool IsApart => _grid.Split > 1 || _context.Schedule.Overlays(_gemm);

    public void Write()
    {
        IEnumerable<Tile> factors = _gemm.Terms.SelectMany(t => t.RowScale is null ? [t.A, t.B] : new[] { t.A, t.B, t.RowScale });
        IEnumerable<(int, int)> reads = factors.Select(f => _context.Schedule.Copy(f)).Select(f => (f.Offset, f.Words));
        if (IsApart)
            _context.Order(reads, []);
        else
            _context.Order(reads.Concat(_context.Places(_gemm.Operands.Select(o => o.Tile))), _context.Places(TileProgram.Writes(_gemm)));
        if (_grid.Rounds > 1)
        {
            using (_context.Out.Block($"for (int tile = t; tile < {GpuContext.Text(_grid.Tiles)}; tile += {GpuContext.Text(_context.Threads)})"))
                TileOf("tile", null);
            return;
        }

        TileOf("t", _grid.Active < _context.Threads ? $"t < {GpuContext.Text(_grid.Active)}" : null);
        if (_grid.Split == 1)
            return;
        (int, int) parts = (_context.Schedule.Parts(_gemm), _grid.PartWords);
        _context.Order([parts, .. _context.Places(_gemm.Operands.Select(o => o.Tile))], _context.Places(TileProgram.Writes(_gemm)));
        Gather();
    }

    private void TileOf(string thread, string? test)
    {
        for (int r = 0; r < GpuGrid.TileRows && IsApart; r++)
            Declare(r);
        using (_context.Out.Block(test is null ? null : $"if ({test})"))
        {
            string tile = GpuContext.Modulo(thread, _grid.Tiles);
            if (_grid.Split > 1)
                _context.Out.Line($"int split = {GpuContext.Divide(thread, _grid.Tiles)};");
            Place(_grid.Split > 1 ? tile : thread);
            for (int r = 0; r < GpuGrid.TileRows && !IsApart; r++)
                Declare(r);
            foreach (GemmTerm term in _gemm.Terms)
            {
                using (_context.Out.Block())
                    new GpuTermWriter(_context, term, _grid).Write();
                if (term.RowScale is { } scale)
                    Scale(scale);
            }

            if (!IsApart)
                Direct();
        }

        if (!IsApart)
            return;
        if (_grid.Split == 1)
        {
            _context.Order(_context.Places(_gemm.Operands.Select(o => o.Tile)), _context.Places(TileProgram.Writes(_gemm)));
            using (_context.Out.Block(test is null ? null : $"if ({test})"))
            {
                Place(thread);
                Direct();
            }

            return;
        }

        // Parts may lie where factors were.
        int parts = _context.Schedule.Parts(_gemm);
        _context.Order([], [(parts, _grid.PartWords)]);
        using (_context.Out.Block(test is null ? null : $"if ({test})"))
        {
            string tile = GpuContext.Modulo(thread, _grid.Tiles), split = GpuContext.Divide(thread, _grid.Tiles);
            _context.Out.Line($"int part = {GpuContext.Text(parts)} + ({split} * {GpuContext.Text(GpuGrid.TileRows * _grid.Tiles)}) + {tile};");
            for (int r = 0; r < GpuGrid.TileRows; r++)
                _context.Out.Line($"shared[part + {GpuContext.Text(r * _grid.Tiles)}] = new Float4({string.Join(", ", Accumulators(r))});");
        }
    }

    private void Place(string tile) =>
        _context.Out.Line($"int tj = {GpuContext.Modulo(tile, _grid.ColumnTiles)}, ti = {GpuContext.Divide(tile, _grid.ColumnTiles)};");

    private void Declare(int r) => _context.Out.Line($"float {string.Join(", ", Accumulators(r).Select(n => n + " = 0f"))};");

    private static IEnumerable<string> Accumulators(int r) => Enumerable.Range(0, GpuGrid.TileColumns).Select(j => $"c{GpuContext.Text(r)}_{GpuContext.Text(j)}");

    /// <summary>Row r of a thread's tile.</summary>
    private static string Row(int r) => $"({GpuContext.Text(GpuGrid.TileRows)} * ti) + {GpuContext.Text(r)}";

    private void Scale(Tile scale)
    {
        for (int r = 0; r < GpuGrid.TileRows; r++)
        {
            string name = $"s{GpuContext.Text(r)}";
            _context.Out.Line($"float {name} = {GpuContext.Element(_context.Schedule[scale], Row(r))};");
            _context.Out.Line(string.Join(" ", Accumulators(r).Select(c => $"{c} *= {name};")));
        }
    }

    /// <summary>Results from the accumulators, row after row.</summary>
    private void Direct()
    {
        for (int r = 0; r < GpuGrid.TileRows; r++)
        {
            using (_context.Out.Block())
            {
                _context.Out.Line($"int row = {Row(r)}, word = tj;");
                _results.Write(Accumulators(r).ToArray(), (tile, j) => Register(tile, r, j), r);
            }
        }
    }

    /// <summary>Name of an element of a state matrix in a thread's registers.</summary>
    public static string Register(Tile tile, int r, int j) => $"{tile.Name}{GpuContext.Text(r)}_{GpuContext.Text(j)}";

    /// <summary>Results from the parts, word after word.</summary>
    private void Gather()
    {
        int units = GpuGrid.TileRows * _grid.Tiles, rounds = (units + _context.Threads - 1) / _context.Threads;
        for (int i = 0; i < rounds; i++)
        {
            string unit = i == 0 ? "t" : $"(t + {GpuContext.Text(i * _context.Threads)})";
            using (_context.Out.Block((i + 1) * _context.Threads > units ? $"if ({unit} < {GpuContext.Text(units)})" : null))
            {
                _context.Out.Line($"int r = {GpuContext.Divide(unit, _grid.Tiles)}, tile = {GpuContext.Modulo(unit, _grid.Tiles)};");
                _context.Out.Line($"int word = {GpuContext.Modulo("tile", _grid.ColumnTiles)};");
                _context.Out.Line($"int row = ({GpuContext.Text(GpuGrid.TileRows)} * {GpuContext.Divide("tile", _grid.ColumnTiles)}) + r;");
                _context.Out.Line($"Float4 acc = shared[{GpuContext.Text(_context.Schedule.Parts(_gemm))} + {unit}];");
                for (int s = 1; s < _grid.Split; s++)
                {
                    _context.Out.Line($"Float4 acc{GpuContext.Text(s)} = shared[{GpuContext.Text(_context.Schedule.Parts(_gemm) + (s * units))} + {unit}];");
                    foreach (string c in GpuContext.Components)
                        _context.Out.Line($"acc.{c} += acc{GpuContext.Text(s)}.{c};");
                }

                _results.Write([.. GpuContext.Components.Select(c => $"acc.{c}")], null, 0);
            }
        }
    }
}
