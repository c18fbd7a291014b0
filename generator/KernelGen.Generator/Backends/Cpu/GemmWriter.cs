using System.Globalization;
using KernelGen.Generator.Schedule;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>
/// Lowers <see cref="TileOp.Gemm"/>: a driver that walks panels of columns and tiles of rows, and register tiles
/// (<see cref="RegisterTileWriter"/>) that it calls. Any cut gives the same bits, since every element is summed over k in order.
/// </summary>
internal sealed class GemmWriter(OpContext context, TileOp.Gemm gemm, Prefetching prefetching)
{
    private readonly Tile _shape = gemm.Assigns[0].Target;
    private readonly Dictionary<(int Rows, int Vectors, bool Tail), (string Name, RegisterTileWriter Tile)> _tiles = [];
    private readonly List<(string Name, RegisterTileWriter Tile)> _new = [];
    private string _name = "";

    private CodeWriter Out => context.Methods;

    private bool Prefetches => ReferenceEquals(gemm, prefetching.Carrier) && prefetching.Tiles.Count > 0;

    private string TileCount => CodeWriter.Text(Blocking.RegisterTiles(context.Dialect.Target, context.Bytes, gemm));

    public string Write()
    {
        _name = context.UniqueName("Gemm" + OpContext.Title(_shape.Name));
        OpSignature signature = new(context);
        foreach (GemmTerm term in gemm.Terms)
        {
            signature.Add(term.A);
            if (term.TransposeB)
                signature.AddTransposed(term.B);
            else
                signature.Add(term.B);
            if (term.RowScale is not null)
                signature.Add(term.RowScale);
        }

        foreach (Operand operand in gemm.Operands)
            signature.Add(operand);
        foreach (Assign assign in gemm.Assigns)
        {
            signature.Add(assign.Target);
            if (IsTransposed(assign.Target))
                signature.AddTransposed(assign.Target);
        }

        if (gemm.Guard is not null)
            signature.Add(gemm.Guard);
        if (_shape.Rows.Tokens)
            signature.AddValue("int", "begin");
        signature.AddValue("int", "end");
        if (_shape.Role == TileRole.Output)
            signature.AddValue("bool", "stream");
        if (Prefetches)
        {
            foreach (Tile tile in prefetching.Tiles)
            {
                signature.AddReference(tile.Name + "Next", context.Token);
                signature.AddValue("nint", tile.Name + "Stride");
            }

            signature.AddValue("int", "ahead");
        }

        IReadOnlyList<Panel> panels = Panels();
        using (context.Method(gemm.Note, $"private static void {_name}({signature.Parameters})"))
        {
            SingleRow(panels.Count);
            if (Prefetches)
                Out.Line("int tile = 0;");
            for (int p = 0; p < panels.Count;)
            {
                int same = 1;
                while (p + same < panels.Count && panels[p + same].Vectors == panels[p].Vectors && !IsTail(panels[p + same]))
                    same++;
                if (IsTail(panels[p]))
                    same = 1;
                PanelLoop(panels[p], same);
                p += same;
            }

            if (gemm.Guard is not null)
                new GuardWriter(context, gemm.Guard).Write(gemm.Assigns.Select(a => a.Target));
            foreach (Tile target in gemm.Assigns.Select(a => a.Target).Where(IsTransposed))
                new TransposeWriter(context).Write(target);
        }

        foreach ((string name, RegisterTileWriter tile) in _new)
        {
            using (context.Method(tile.Summary, $"private static void {name}({tile.Parameters})"))
                tile.WriteBody();
        }

        if (Prefetches)
            PrefetchMethod();
        return $"{_name}({signature.Arguments});";
    }

    private IReadOnlyList<Panel> Panels() => Blocking.Panels(context.Dialect.Target, context.Bytes, gemm);

    private bool IsTransposed(Tile tile) => !tile.IsExternal && context.Memory(tile).IsTransposed;

    /// <summary>
    /// Whether the panel ends in a vector that reaches over the end of a row, and has to stop there: a row of the caller's, or one that would be padded with what
    /// lies behind the rows of a transposed operand.
    /// </summary>
    private bool IsTail(Panel panel) =>
        (_shape.Role == TileRole.Output || gemm.Operands.Any(o => o.By == Broadcast.Transposed)) && (panel.FirstVector + panel.Vectors) * context.Lanes > _shape.Columns.Size;

    /// <summary>One row is what every step has, and a chunk's last rows now and then: its own, wider panels.</summary>
    private void SingleRow(int panels)
    {
        if (!_shape.Rows.Tokens)
            return;
        IReadOnlyList<Panel> wide = Blocking.SingleRowPanels(context.Dialect.Target, context.Bytes, gemm);
        if (wide.Count >= panels)
            return;
        using (Out.Block("if (end - begin == 1)"))
        {
            foreach (Panel panel in wide)
            {
                Out.Line(Call(1, panel, "begin", CodeWriter.Text(panel.FirstVector * context.Lanes)));
            }

            Out.Line("return;");
        }

        Out.Line();
    }

    private void PanelLoop(Panel panel, int count)
    {
        int start = panel.FirstVector * context.Lanes, step = panel.Vectors * context.Lanes;
        string column = count > 1 ? "j" : CodeWriter.Text(start);
        using (Out.Block(count > 1 ? $"for (int j = {CodeWriter.Text(start)}; j < {CodeWriter.Text(start + (count * step))}; j += {CodeWriter.Text(step)})" : null))
        {
            if (_shape.Rows.Tokens)
                TokenRows(panel, column);
            else
                FixedRows(panel, column);
        }
    }

    private void TokenRows(Panel panel, string column)
    {
        Out.Line($"int i = {(gemm.Region == Region.Lower && column != "0" ? $"Math.Max(begin, {FirstRow(column)})" : "begin")};");
        foreach (int rows in Blocking.RowLadder(panel.Rows))
        {
            string body = Call(rows, panel, "i", column);
            string count = CodeWriter.Text(rows);
            using (Out.Block($"for (; i + {count} <= end; i += {count})"))
            {
                Prefetch();
                Out.Line(body);
            }
        }
    }

    /// <summary>
    /// The first row of a triangle that wants a column: of whole 64-byte blocks, so that a block that reaches over the diagonal is written to its end
    /// whatever the width of a panel.
    /// </summary>
    private string FirstRow(string column) => int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        ? CodeWriter.Text(number / context.Program.Lanes * context.Program.Lanes)
        : $"{column} & ~{CodeWriter.Text(context.Program.Lanes - 1)}";

    private string PrefetchName => "Prefetch" + _name;

    private void Prefetch()
    {
        if (!Prefetches)
            return;
        string inputs = string.Join(", ", prefetching.Tiles.Select(t => $"ref {t.Name}Next, {t.Name}Stride"));
        using (Out.Block("if (ahead > 0)"))
            Out.Line($"{PrefetchName}(tile++, {inputs}, ahead);");
    }

    /// <summary>The rows of the next chunk, input after input, dealt out to the register tiles in even shares.</summary>
    private void PrefetchMethod()
    {
        int count = prefetching.Tiles.Count;
        string inputs = string.Join(", ", prefetching.Tiles.Select(t => $"ref {context.Token} {t.Name}Next, nint {t.Name}Stride"));
        using (context.Method($"Asks for a register tile's share of the next chunk's {CodeWriter.Text(count)} inputs.", $"private static void {PrefetchName}(int tile, {inputs}, int ahead)"))
        {
            Out.Line($"int first = tile * {CodeWriter.Text(count)} * ahead / {TileCount};");
            Out.Line($"int last = (tile + 1) * {CodeWriter.Text(count)} * ahead / {TileCount};");
            for (int t = 0; t < count; t++)
            {
                Tile tile = prefetching.Tiles[t];
                string past = t == 0 ? "" : t == 1 ? " - ahead" : $" - ({CodeWriter.Text(t)} * ahead)";
                Out.Line($"Prefetch.Rows(ref {tile.Name}Next, {tile.Name}Stride, Math.Max(0, first{past}), Math.Min(ahead, last{past}), {CodeWriter.Text(tile.Columns.Size * context.TokenBytes)});");
            }
        }
    }

    private void FixedRows(Panel panel, string column)
    {
        int first = 0;
        foreach ((int rows, int count) in Blocking.SplitRows(_shape.Rows.Size, panel.Rows))
        {
            int last = first + (rows * count);
            if (count > 1)
            {
                using (Out.Block($"for (int i = {CodeWriter.Text(first)}; i < {CodeWriter.Text(last)}; i += {CodeWriter.Text(rows)})"))
                {
                    Prefetch();
                    Out.Line(Call(rows, panel, "i", column));
                }
            }
            else
            {
                Prefetch();
                Out.Line(Call(rows, panel, CodeWriter.Text(first), column));
            }

            first = last;
        }
    }

    /// <summary>The call of a register tile whose first element is (<paramref name="row"/>, <paramref name="column"/>).</summary>
    private string Call(int rows, Panel panel, string row, string column)
    {
        (int, int, bool) key = (rows, panel.Vectors, IsTail(panel));
        if (!_tiles.TryGetValue(key, out (string Name, RegisterTileWriter Tile) entry))
            _tiles.Add(key, entry = Tile(rows, panel));
        return $"{entry.Name}({entry.Tile.Arguments(row, column)});";
    }

    /// <summary>Products of other ops and phases have the same tiles: a method that does the same is written once a class.</summary>
    private (string Name, RegisterTileWriter Tile) Tile(int rows, Panel panel)
    {
        RegisterTileWriter tile = new(context, gemm, rows, panel.Vectors, IsTail(panel));
        (string, string, string) key = (tile.Summary, tile.Parameters, tile.Distances);
        if (!context.Known.RegisterTiles.TryGetValue(key, out string? name))
        {
            name = context.UniqueName($"GemmTile_{CodeWriter.Text(rows)}x{CodeWriter.Text(panel.Vectors)}{(IsTail(panel) ? "Tail" : "")}");
            context.Known.RegisterTiles.Add(key, name);
            _new.Add((name, tile));
        }

        return (name, tile);
    }
}
