using KernelGen.Generator.Schedule;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>
/// Lowers a <see cref="TileOp.Gemm"/> whose right factor is packed in panels: for each panel, blocks of k (<see cref="PanelBlocking"/>), and for each of those
/// the same register tiles as every product has (<see cref="RegisterTileWriter"/>), whose sums are put down in between; then the assignments over the panel's sums
/// (<see cref="PanelEpilogueWriter"/>), which are in the first cache still.
/// </summary>
internal sealed class PanelGemmWriter(OpContext context, TileOp.Gemm gemm)
{
    private readonly GemmTerm _term = gemm.Terms.Single();
    private readonly Tile _sums = PanelBlocking.Sums(context.Program);
    private readonly int _width = PanelBlocking.Width(context.Bytes);
    private readonly List<(string Name, RegisterTileWriter Tile)> _new = [];

    private CodeWriter Out => context.Methods;

    private string Width => CodeWriter.Text(_width);

    private string A => _term.A.Name;

    private string B => _term.B.Name;

    /// <summary>k in all: a number of the call's where rows of the factor are tokens.</summary>
    private string Total => _term.B.Rows.Tokens ? "total" : CodeWriter.Text(_term.B.Rows.Size);

    public string Write()
    {
        string name = context.UniqueName("Product" + OpContext.Title(gemm.Assigns[0].Target.Name));
        PanelEpilogueWriter epilogue = new(context, gemm, _sums);
        string store = epilogue.Write();
        OpSignature signature = new(context);
        signature.AddReference(_sums.Name, context.Element);
        epilogue.AddTiles(signature);
        foreach (string bound in new[] { "first", "last", "end" })
            signature.AddValue("int", bound);
        if (_term.B.Rows.Tokens)
            signature.AddValue("int", "total", "depth");

        using (context.Method(gemm.Note, $"private static void {name}(ref {context.Element} {A}Rows, ref {context.Element} {B}Panels, {signature.Parameters})"))
        {
            using (Out.Block($"for (int j = first; j < last; j += {Width})"))
            {
                Out.Line($"ref {context.Element} panel = ref Unsafe.Add(ref {B}Panels, (nint)j * {Total});");
                using (Out.Block("if (end == 1)"))
                    Part(PanelBlocking.SingleRowTiles(context.Dialect.Target, context.Bytes), "0", Total, continues: false);
                using (Out.Block("else"))
                    Blocks();
                Out.Line(store);
            }
        }

        foreach ((string method, RegisterTileWriter tile) in _new)
        {
            using (context.Method(tile.Summary, $"private static void {method}({tile.Parameters})"))
                tile.WriteBody();
        }

        return $"{name}(ref {A}, ref {B}, {signature.Arguments});";
    }

    private void Blocks()
    {
        IReadOnlyList<Panel> tiles = PanelBlocking.Tiles(context.Dialect.Target, context.Bytes);
        int total = _term.B.Rows.Size, block = PanelBlocking.Depth(total);
        string size = CodeWriter.Text(block);
        bool isRunTime = _term.B.Rows.Tokens;
        using (Out.Block())
            Part(tiles, "0", block >= total ? Total : isRunTime ? $"Math.Min({size}, total)" : size, continues: false);
        if (block >= total)
            return;
        bool isWhole = !isRunTime && total % block == 0;
        using (Out.Block($"for (int k = {size}; k < {Total}; k += {size})"))
            Part(tiles, "k", isWhole ? size : $"Math.Min({size}, {Total} - k)", continues: true);
    }

    /// <summary>All rows over one block of k.</summary>
    private void Part(IReadOnlyList<Panel> tiles, string k, string depth, bool continues)
    {
        Out.Line($"int depth = {depth};");
        Out.Line($"ref {context.Element} {A} = ref {OpContext.At(A + "Rows", k)};");
        Out.Line($"ref {context.Element} {B} = ref {(k == "0" ? "panel" : $"Unsafe.Add(ref panel, {k} * {Width})")};");
        if (tiles[0].Rows == 1)
        {
            foreach (Panel tile in tiles)
                Out.Line(Call(1, tile, "0", continues));
            return;
        }

        foreach (Panel tile in tiles)
        {
            using (Out.Block())
            {
                Out.Line("int i = 0;");
                foreach (int rows in Blocking.RowLadder(tile.Rows))
                {
                    string count = CodeWriter.Text(rows);
                    using (Out.Block($"for (; i + {count} <= end; i += {count})"))
                        Out.Line(Call(rows, tile, "i", continues));
                }
            }
        }
    }

    private string Call(int rows, Panel panel, string row, bool continues)
    {
        TileOp.Gemm part = new(gemm.Terms, default, new[] { new Assign(_sums, new Expressions.Expr.Arg(0)) }) { Note = gemm.Note };
        RegisterTileWriter tile = new(context, part, rows, panel.Vectors, tail: false, continues);
        (string, string, string) key = (tile.Summary, tile.Parameters, tile.Distances);
        if (!context.Known.RegisterTiles.TryGetValue(key, out string? name))
        {
            name = context.UniqueName($"PanelTile_{CodeWriter.Text(rows)}x{CodeWriter.Text(panel.Vectors)}{(continues ? "Next" : "")}");
            context.Known.RegisterTiles.Add(key, name);
            _new.Add((name, tile));
        }

        return $"{name}({tile.Arguments(row, CodeWriter.Text(panel.FirstVector * context.Lanes))});";
    }
}
