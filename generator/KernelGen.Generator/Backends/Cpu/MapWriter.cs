using KernelGen.Generator.Expressions;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>
/// Lowers <see cref="TileOp.Map"/>: vectors run along the rows' columns (along the only axis of a vector tile). Rows of the caller's memory end in partial
/// loads and stores; the padding of our own rows is set to zero, so that sums may run over it.
/// </summary>
internal sealed class MapWriter(OpContext context, TileOp.Map map)
{
    /// <summary>
    /// Operations up to which the vectors of a row are written one after the other: a loop of a few rounds, left again for every row, cost 2 to 4 % of
    /// whole forwards. Beyond it the JIT would run out of its budget for inlining.
    /// </summary>
    private const int MaxUnrolled = 256;

    private readonly Tile _shape = map.Assigns[0].Target;
    private CodeWriter Out => context.Methods;

    /// <summary>A column vector is computed along its rows.</summary>
    private bool AlongRows => _shape.Columns.IsUnit && !_shape.Rows.IsUnit;

    private int Width => AlongRows ? _shape.Rows.Size : _shape.Columns.Size;

    private bool RowLoop => !AlongRows && !_shape.Rows.IsUnit;

    public string Write()
    {
        string name = context.UniqueName("Map" + OpContext.Title(_shape.Name));
        OpSignature signature = new(context);
        foreach (Operand operand in map.Operands)
            signature.Add(operand);
        if (map.Guard is not null)
            signature.Add(map.Guard);
        foreach (Assign assign in map.Assigns)
        {
            signature.Add(assign.Target);
            if (IsTransposed(assign.Target))
                signature.AddTransposed(assign.Target);
        }

        bool usesEnd = map.Operands.Any(o => o.By == Broadcast.Last) || OpContext.Mentions(map.Assigns.Select(a => a.Value), e => e is Expr.ChunkEnd);
        if (map.Assigns.Any(a => a.Target.Role == TileRole.Output))
            signature.AddValue("bool", "stream");
        if (RowLoop && _shape.Rows.Tokens)
            signature.AddValue("int", "begin");
        if ((RowLoop && _shape.Rows.Tokens) || usesEnd)
            signature.AddValue("int", "end");

        using (context.Method(map.Note, $"private static void {name}({signature.Parameters})"))
        {
            if (!RowLoop)
            {
                Vectors("0");
            }
            else
            {
                if (map.Guard is not null)
                    Out.Line($"bool guarded = !Unsafe.IsNullRef(ref {map.Guard.Name});");
                using (Out.Block(_shape.Rows.Tokens ? "for (int r = begin; r < end; r++)" : $"for (int r = 0; r < {CodeWriter.Text(_shape.Rows.Size)}; r++)"))
                {
                    RowReferences();
                    Guard();
                    Vectors("r");
                }

                foreach (Tile target in map.Assigns.Select(a => a.Target).Where(IsTransposed))
                    new TransposeWriter(context).Write(target);
            }
        }

        return $"{name}({signature.Arguments});";
    }

    private bool IsTransposed(Tile tile) => !tile.IsExternal && tile.Role != TileRole.Parameter && context.Memory(tile).IsTransposed;

    private void RowReferences()
    {
        IEnumerable<Tile> tiles = map.Operands.Where(o => o.By == Broadcast.None).Select(o => o.Tile).Concat(map.Assigns.Select(a => a.Target)).Distinct();
        foreach (Tile tile in tiles)
            Out.Line($"ref {context.ElementOf(tile)} {tile.Name}Row = ref {OpContext.At(tile.Name, tile.IsExternal ? $"(r - begin) * {tile.Name}Stride" : OpContext.Times("r", context.Memory(tile).Stride))};");
        foreach (Tile tile in map.Operands.Where(o => o.By == Broadcast.Transposed).Select(o => o.Tile))
            Out.Line($"ref {context.Element} {tile.Name}TRow = ref {OpContext.At(tile.Name + "T", OpContext.Times("r", context.Memory(tile).TransposedStride))};");
    }

    private void Guard()
    {
        if (map.Guard is null)
            return;
        using (Out.Block($"if (guarded && !Unsafe.Add(ref {map.Guard.Name}, r - begin))"))
        {
            GuardWriter zero = new(context, map.Guard);
            foreach (Tile target in map.Assigns.Select(a => a.Target))
                zero.Row(target, target.Name + "Row");
            Out.Line("continue;");
        }

        Out.Line();
    }

    private void Vectors(string row)
    {
        int whole = Width / context.Lanes * context.Lanes;
        if (map.Region == Region.Lower && whole > context.Lanes)
        {
            using (Out.Block($"for (int c = 0; c <= r; c += {CodeWriter.Text(context.Lanes)})"))
                Element(row, "c", 0);
        }
        else if (whole > context.Lanes && whole / context.Lanes * Cost() <= MaxUnrolled)
        {
            for (int c = 0; c < whole; c += context.Lanes)
            {
                using (Out.Block())
                    Element(row, CodeWriter.Text(c), 0);
            }
        }
        else if (whole > context.Lanes)
        {
            using (Out.Block($"for (int c = 0; c < {CodeWriter.Text(whole)}; c += {CodeWriter.Text(context.Lanes)})"))
                Element(row, "c", 0);
        }
        else if (whole > 0)
        {
            using (Out.Block())
                Element(row, "0", 0);
        }

        if (whole < Width)
        {
            using (Out.Block())
                Element(row, CodeWriter.Text(whole), Width - whole);
        }
    }

    private int Cost() => ExprCost.Of(map.Assigns.Select(a => a.Value)) + (map.Operands.Count(o => o.Tile.Role == TileRole.Input) * LoadCost);

    /// <summary>What widening a vector of tokens costs of the same budget.</summary>
    private int LoadCost => context.Program.Tokens switch { TokenFormat.Float16 => 12, TokenFormat.BFloat16 => 2, _ => 0 };

    /// <summary>One vector of every target; <paramref name="tail"/> is the number of lanes that count, or 0 for all.</summary>
    private void Element(string row, string column, int tail)
    {
        string along = AlongRows ? column : row;
        ExprWriter writer = new(context.Dialect, context.Bytes, Out, e => e switch
        {
            Expr.Arg arg => Operand(map.Operands[arg.Position], along, column, tail),
            Expr.Index { Axis: Axis.Row } => AlongRows ? Ramp(column) : context.Dialect.Broadcast($"({context.Element}){row}"),
            Expr.Index => AlongRows ? context.Dialect.Zero(context.Bytes) : Ramp(column),
            _ => context.Dialect.Broadcast($"({context.Element})end"),
        });
        List<(Tile Target, string Value)> results = map.Assigns.Select(a => (a.Target, writer.Write(a.Value))).ToList();
        foreach ((Tile target, string value) in results)
        {
            string reference = RowLoop ? target.Name + "Row" : target.Name;
            if (target.Role == TileRole.Output && tail == 0)
                Out.Line($"OutputStore.Store({value}, ref {OpContext.At(reference, column)}, stream);");
            else if (target.Role == TileRole.Output)
                Out.Line($"Partial.Store{context.Dialect.Bits}({value}, ref {OpContext.At(reference, column)}, {CodeWriter.Text(tail)});");
            else
                Out.Line(context.Dialect.Store(tail > 0 ? context.Dialect.Keep(value, tail, context.Bytes) : value, reference, column) + ";");
        }
    }

    private string Operand(Operand operand, string row, string column, int tail)
    {
        Tile tile = operand.Tile;
        switch (operand.By)
        {
            case Broadcast.None when AlongRows:
            case Broadcast.Column:
                return Named(context.Dialect.Load(tile.Name, column));
            case Broadcast.Row when AlongRows:
                return Named(context.Dialect.Load(tile.Name, column));
            case Broadcast.None when context.IsNarrow && tile.Role == TileRole.Input:
                string element = OpContext.At(tile.Name + "Row", column);
                return Named(tail > 0 ? context.Dialect.WidenPart(element, tail) : context.Dialect.Widen(element));
            case Broadcast.None when tail > 0 && tile.Role == TileRole.Input:
                return Named($"Partial.Load{context.Dialect.Bits}(ref {OpContext.At(tile.Name + "Row", column)}, {CodeWriter.Text(tail)})");
            case Broadcast.None:
                return Named(context.Dialect.Load(RowLoop ? tile.Name + "Row" : tile.Name, column));
            case Broadcast.Row:
                return Named(context.Dialect.Broadcast(OpContext.At(tile.Name, row)));
            case Broadcast.Last:
                return Named(context.Dialect.Broadcast($"Unsafe.Add(ref {tile.Name}, end - 1)"));
            case Broadcast.Scalar:
                return Named(context.Dialect.Broadcast(tile.Name));
            case Broadcast.Transposed:
                return Named(context.Dialect.Load(tile.Name + "TRow", column));
            case Broadcast.Diagonal:
                return Named(context.Dialect.Load($"Unsafe.Add(ref {tile.Name}, {CodeWriter.Text((tile.Columns.Size / 2) - 1)} - {row} + {column})", "0"));
            default:
                throw new InvalidOperationException($"a map cannot read {tile.Name} by {operand.By}");
        }

        string Named(string code)
        {
            string name = $"x{CodeWriter.Text(IndexOf(operand))}";
            Out.Line($"{context.Vector} {name} = {code};");
            return name;
        }
    }

    private int IndexOf(Operand operand)
    {
        for (int i = 0; i < map.Operands.Count; i++)
        {
            if (ReferenceEquals(map.Operands[i], operand))
                return i;
        }

        return -1;
    }

    /// <summary>The numbers column, column + 1, ... as a vector.</summary>
    private string Ramp(string column) => context.Dialect.IsScalar
        ? $"({context.Element})({column})"
        : $"({context.Vector}.Indices + {context.Dialect.Broadcast($"({context.Element})({column})")})";
}
