using KernelGen.Generator.Expressions;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Backends;

/// <summary>
/// Writes an expression as straight-line C#, one named local per distinct value: records make common subexpressions a dictionary
/// look-up. A product added to something becomes one fused multiply-add, on every target alike, so that all targets round alike.
/// </summary>
/// <param name="dialect">How to spell operations.</param>
/// <param name="bytes">Bytes of an element.</param>
/// <param name="writer">Where statements go.</param>
/// <param name="leaf">Text for operands, indices and the chunk's end; must be a name or another cheap, repeatable expression.</param>
internal sealed class ExprWriter(Dialect dialect, int bytes, CodeWriter writer, Func<Expr, string> leaf)
{
    private readonly Dictionary<Expr, string> _values = [];
    private readonly Dictionary<Condition, string> _tests = [];
    private int _next;

    /// <summary>Writes the statements <paramref name="e"/> needs and returns the name of its value.</summary>
    public string Write(Expr e)
    {
        if (_values.TryGetValue(e, out string? known))
            return known;
        string code = e switch
        {
            Expr.Arg or Expr.Index or Expr.ChunkEnd => leaf(e),
            Expr.Const c => dialect.Broadcast(Dialect.Literal(c.Value, bytes)),
            Expr.Unary u => dialect.Unary(u.Op, Write(u.A), bytes),
            Expr.Binary { Op: BinaryOp.Add, A: Expr.Binary { Op: BinaryOp.Multiply } m } b => Fused(m.A, m.B, b.B),
            Expr.Binary { Op: BinaryOp.Add, B: Expr.Binary { Op: BinaryOp.Multiply } m } b => Fused(m.A, m.B, b.A),
            Expr.Binary { Op: BinaryOp.Subtract, A: Expr.Binary { Op: BinaryOp.Multiply } m } b => Fused(m.A, m.B, new Expr.Unary(UnaryOp.Negate, b.B)),
            Expr.Binary { Op: BinaryOp.Subtract, B: Expr.Binary { Op: BinaryOp.Multiply } m } b => Fused(new Expr.Unary(UnaryOp.Negate, m.A), m.B, b.A),
            Expr.Binary b => dialect.Binary(b.Op, Write(b.A), Write(b.B), bytes),
            Expr.MultiplyAdd m => Fused(m.A, m.B, m.C),
            Expr.Select s => dialect.Select(Test(s.Test), Write(s.A), Write(s.B)),
            _ => throw new InvalidOperationException($"no text for {e.GetType().Name}"),
        };
        if (e is Expr.Arg or Expr.Index or Expr.ChunkEnd)
            return _values[e] = code;
        string name = "t" + CodeWriter.Text(_next++);
        writer.Line($"{dialect.VectorType(bytes)} {name} = {code};");
        return _values[e] = name;
    }

    private string Fused(Expr a, Expr b, Expr c) => dialect.MultiplyAdd(Write(a), Write(b), Write(c));

    private string Test(Condition c)
    {
        if (_tests.TryGetValue(c, out string? known))
            return known;
        string code = c switch
        {
            Condition.Compare compare => dialect.Compare(compare.Op, Write(compare.A), Write(compare.B)),
            Condition.And and => dialect.And(Test(and.A), Test(and.B)),
            Condition.Or or => dialect.Or(Test(or.A), Test(or.B)),
            Condition.Not not => dialect.Not(Test(not.A)),
            _ => throw new InvalidOperationException($"no text for {c.GetType().Name}"),
        };
        string name = "m" + CodeWriter.Text(_tests.Count);
        writer.Line($"{(dialect.IsScalar ? "bool" : dialect.VectorType(bytes))} {name} = {code};");
        return _tests[c] = name;
    }
}
