using System.Globalization;
using System.Text;
using KernelGen.Generator.Expressions;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Tiles;

/// <summary>Renders a program for people: dumps in tests and the heads of emitted files.</summary>
internal static class TileText
{
    public static IEnumerable<string> Lines(TileProgram program)
    {
        yield return $"phase {program.Name} (float{Text(program.ElementBytes * 8)})";
        foreach (IGrouping<TileRole, Tile> role in program.Tiles.GroupBy(t => t.Role).OrderBy(g => g.Key))
            yield return $"  {role.Key.ToString().ToLowerInvariant(),-9} {string.Join("  ", role.Select(Shape))}";
        foreach (string line in program.Ops.SelectMany(op => Op(op, "  ")))
            yield return line;
    }

    private static IEnumerable<string> Op(TileOp op, string indent)
    {
        if (op is TileOp.ForChunks loop)
        {
            yield return $"{indent}for chunks of {Text(loop.Size)}: {loop.Note}";
            foreach (string line in loop.Body.SelectMany(o => Op(o, indent + "  ")))
                yield return line;
            if (loop.Close.Count > 0)
                yield return $"{indent}when the chunk closes, m = its rows:";
            foreach (string line in loop.Close.SelectMany(o => Op(o, indent + "  ")))
                yield return line;
            yield break;
        }

        yield return $"{indent}{op.Note}";
        yield return $"{indent}    {Detail(op)}";
    }

    private static string Detail(TileOp op)
    {
        string targets = string.Join(", ", TileProgram.Assigns(op).Select(a => a.Target.Name));
        return op switch
        {
            TileOp.Map map => $"map {targets} <- {Values(map.Assigns, map.Operands.Select(Name).ToArray())}{(map.Guard is null ? "" : " where " + map.Guard.Name)}",
            TileOp.Reduce reduce => $"reduce over {(reduce.Over == Axis.Column ? "columns" : "rows")} {targets} <- sum({string.Join(" then ", reduce.Terms.Select(Term))}), {Values(reduce.Assigns, WithFirst("sum", reduce.Operands))}",
            TileOp.Gemm gemm => $"gemm{(gemm.Region == Region.Lower ? " lower" : "")} {targets} <- acc({string.Join(" then ", gemm.Terms.Select(Term))}), {Values(gemm.Assigns, WithFirst("acc", gemm.Operands))}",
            _ => op.GetType().Name,
        };
    }

    private static string[] WithFirst(string first, EquatableArray<Operand> operands) => new[] { first }.Concat(operands.Select(Name)).ToArray();

    private static string Values(EquatableArray<Assign> assigns, string[] names) =>
        string.Join("; ", assigns.Select(a => Render(a.Value, names)));

    private static string Term(ReduceTerm term) => Render(term.Value, term.Operands.Select(Name).ToArray());

    private static string Term(GemmTerm term) =>
        $"{(term.LowerA ? "lower " : "")}{term.A.Name}{(term.TransposeA ? "^T" : "")} {term.B.Name}{(term.TransposeB ? "^T" : "")}{(term.RowScale is null ? "" : $", times {term.RowScale.Name}[r],")}";

    private static string Name(Operand operand) => operand.By switch
    {
        Broadcast.None => operand.Tile.Name,
        Broadcast.Row => operand.Tile.Name + "[r]",
        Broadcast.Column => operand.Tile.Name + "[c]",
        Broadcast.Scalar => operand.Tile.Name,
        _ => operand.Tile.Name + "[C-1-r+c]",
    };

    private static string Shape(Tile tile) => $"{tile.Name}[{Side(tile.Rows)}, {Side(tile.Columns)}]";

    private static string Side(Extent extent) => (extent.Tokens ? "C=" : "") + Text(extent.Size);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Render(Expr e, string[] names)
    {
        StringBuilder text = new();
        Visit(e, 0);
        return text.ToString();

        void Visit(Expr node, int outer)
        {
            switch (node)
            {
                case Expr.Arg arg:
                    text.Append(names[arg.Position]);
                    break;
                case Expr.Const c:
                    text.Append(c.Value.ToString("R", CultureInfo.InvariantCulture));
                    break;
                case Expr.Index index:
                    text.Append(index.Axis == Axis.Row ? 'r' : 'c');
                    break;
                case Expr.ChunkEnd:
                    text.Append('m');
                    break;
                case Expr.Unary { Op: UnaryOp.Negate } u:
                    Grouped(3, outer, () =>
                    {
                        text.Append('-');
                        Visit(u.A, 4);
                    });
                    break;
                case Expr.Unary u:
                    Call(u.Op.ToString().ToLowerInvariant(), u.A);
                    break;
                case Expr.Binary { Op: BinaryOp.Min or BinaryOp.Max } b:
                    Call(b.Op.ToString().ToLowerInvariant(), b.A, b.B);
                    break;
                case Expr.Binary b:
                    (string sign, int level) = b.Op switch
                    {
                        BinaryOp.Add => (" + ", 1),
                        BinaryOp.Subtract => (" - ", 1),
                        BinaryOp.Multiply => (" * ", 2),
                        _ => (" / ", 2),
                    };
                    Grouped(level, outer, () =>
                    {
                        Visit(b.A, level);
                        text.Append(sign);
                        Visit(b.B, level + 1);
                    });
                    break;
                case Expr.MultiplyAdd m:
                    Call("fma", m.A, m.B, m.C);
                    break;
                case Expr.Select s:
                    Grouped(0, outer, () =>
                    {
                        Test(s.Test);
                        text.Append(" ? ");
                        Visit(s.A, 1);
                        text.Append(" : ");
                        Visit(s.B, 0);
                    });
                    break;
                default:
                    text.Append(node.GetType().Name);
                    break;
            }
        }

        void Grouped(int level, int outer, Action inner)
        {
            if (level < outer)
                text.Append('(');
            inner();
            if (level < outer)
                text.Append(')');
        }

        void Call(string name, params Expr[] arguments)
        {
            text.Append(name).Append('(');
            for (int i = 0; i < arguments.Length; i++)
            {
                if (i > 0)
                    text.Append(", ");
                Visit(arguments[i], 0);
            }

            text.Append(')');
        }

        void Test(Condition condition)
        {
            switch (condition)
            {
                case Condition.Compare c:
                    Visit(c.A, 1);
                    text.Append(c.Op switch
                    {
                        CompareOp.Less => " < ",
                        CompareOp.LessOrEqual => " <= ",
                        CompareOp.Greater => " > ",
                        CompareOp.GreaterOrEqual => " >= ",
                        CompareOp.Equal => " == ",
                        _ => " != ",
                    });
                    Visit(c.B, 1);
                    break;
                case Condition.And and:
                    Pair(and.A, " && ", and.B);
                    break;
                case Condition.Or or:
                    Pair(or.A, " || ", or.B);
                    break;
                case Condition.Not not:
                    text.Append("!(");
                    Test(not.A);
                    text.Append(')');
                    break;
            }
        }

        void Pair(Condition a, string sign, Condition b)
        {
            text.Append('(');
            Test(a);
            text.Append(sign);
            Test(b);
            text.Append(')');
        }
    }
}
