using KernelGen.Generator.Expressions;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>
/// The assignments of a product over panels, as a method over one panel's sums: operand 0 of a value is the sum. The last panel ends where the rows of the results end.
/// </summary>
internal sealed class PanelEpilogueWriter(OpContext context, TileOp.Gemm gemm, Tile sums)
{
    /// <summary>Vectors of a row, and operations in all, that are written one after the other: more would cost the JIT its budgets.</summary>
    private const int MostUnrolled = 8, MostOperations = 256;

    private readonly int _width = sums.Columns.Size;
    private readonly int _columns = gemm.Assigns[0].Target.Columns.Size;

    private CodeWriter Out => context.Methods;

    private Dialect Spell => context.Dialect;

    /// <summary>Tiles beside the sums.</summary>
    public void AddTiles(OpSignature signature)
    {
        foreach (Operand operand in gemm.Operands)
            signature.Add(operand);
        foreach (Assign assign in gemm.Assigns)
            signature.Add(assign.Target);
    }

    /// <summary>Writes the method and returns its call, for the panel whose first column is <c>j</c>.</summary>
    public string Write()
    {
        string name = context.UniqueName("Store" + OpContext.Title(gemm.Assigns[0].Target.Name));
        OpSignature signature = new(context);
        signature.AddReference(sums.Name, context.Element);
        AddTiles(signature);
        signature.AddValue("int", "j");
        signature.AddValue("int", "end");
        using (context.Method($"A panel's sums c become results: {gemm.Note}", $"private static void {name}({signature.Parameters})"))
        {
            int tail = _columns % _width;
            if (_columns >= _width)
            {
                using (tail == 0 ? null : Out.Block($"if (j + {CodeWriter.Text(_width)} <= {CodeWriter.Text(_columns)})") as IDisposable)
                {
                    Rows(_width);
                    if (tail != 0)
                        Out.Line("return;");
                }

                if (tail != 0)
                    Out.Line();
            }

            if (tail != 0)
                Rows(tail);
        }

        return $"{name}({signature.Arguments});";
    }

    private void Rows(int columns)
    {
        using (Out.Block("for (int r = 0; r < end; r++)"))
        {
            Out.Line($"ref {context.Element} sumsRow = ref Unsafe.Add(ref {sums.Name}, r * {CodeWriter.Text(_width)});");
            foreach (Tile tile in gemm.Operands.Where(o => o.By == Broadcast.None).Select(o => o.Tile).Concat(gemm.Assigns.Select(a => a.Target)).Distinct())
                Out.Line($"ref {context.Element} {tile.Name}Row = ref Unsafe.Add(ref {tile.Name}, {(tile.IsExternal ? $"(r * {tile.Name}Stride)" : $"(r * {CodeWriter.Text(context.Memory(tile).Stride)})")} + j);");
            int whole = columns / context.Lanes * context.Lanes, vectors = whole / context.Lanes;
            bool loops = vectors > 1 && (vectors > MostUnrolled || vectors * ExprCost.Of(gemm.Assigns.Select(a => a.Value)) > MostOperations);
            if (loops)
            {
                using (Out.Block($"for (int v = 0; v < {CodeWriter.Text(whole)}; v += {CodeWriter.Text(context.Lanes)})"))
                    Vector("v", context.Lanes);
            }

            for (int c = loops ? whole : 0; c < columns; c += context.Lanes)
            {
                using (Out.Block())
                    Vector(CodeWriter.Text(c), Math.Min(context.Lanes, columns - c));
            }
        }
    }

    private void Vector(string at, int valid)
    {
        bool isPartial = valid < context.Lanes;
        Out.Line($"{context.Vector} c = {Spell.Load("sumsRow", at)};");
        ExprWriter writer = new(Spell, context.Bytes, Out, e => e switch
        {
            Expr.Arg { Position: 0 } => "c",
            Expr.Arg arg => Operand(arg.Position - 1, at, isPartial ? valid : 0),
            _ => throw new InvalidOperationException("indices are not read in products over panels"),
        });
        (Tile Target, string Value)[] results = gemm.Assigns.Select(a => (a.Target, writer.Write(a.Value))).ToArray();
        foreach ((Tile target, string value) in results)
        {
            string reference = OpContext.At(target.Name + "Row", at);
            if (isPartial && target.IsExternal)
                Out.Line($"Partial.Store{Spell.Bits}({value}, ref {reference}, {CodeWriter.Text(valid)});");
            else
                Out.Line(Spell.Store(isPartial ? Spell.Keep(value, valid, context.Bytes) : value, target.Name + "Row", at) + ";");
        }
    }

    private string Operand(int index, string column, int valid)
    {
        Operand operand = gemm.Operands[index];
        string name = "x" + CodeWriter.Text(index);
        string row = operand.Tile.Name + "Row";
        string code = operand.By switch
        {
            Broadcast.None when valid > 0 && operand.Tile.IsExternal => $"Partial.Load{Spell.Bits}(ref {OpContext.At(row, column)}, {CodeWriter.Text(valid)})",
            Broadcast.None => Spell.Load(row, column),
            Broadcast.Column => Spell.Load($"Unsafe.Add(ref {operand.Tile.Name}, j{(column == "0" ? "" : " + " + column)})", "0"),
            Broadcast.Row => Spell.Broadcast(OpContext.At(operand.Tile.Name, "r")),
            _ => throw new InvalidOperationException($"a product over panels cannot read {operand.Tile.Name} by {operand.By}"),
        };
        Out.Line($"{context.Vector} {name} = {code};");
        return name;
    }
}
