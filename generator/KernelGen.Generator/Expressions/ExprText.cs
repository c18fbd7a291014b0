using System.Globalization;

namespace KernelGen.Generator.Expressions;

/// <summary>
/// A tree as infix text for headers, dumps and messages: <c>x &gt; 0 ? x + 1 : exp(x)</c>. Different simplified trees have different text:
/// parentheses keep the grouping, and numbers every bit.
/// </summary>
internal static class ExprText
{
    // Binding strength, loosest first, as in C#.
    private const int Conditional = 0;
    private const int OrElse = 1;
    private const int AndAlso = 2;
    private const int Comparison = 3;
    private const int Sum = 4;
    private const int Product = 5;
    private const int Prefix = 6;
    private const int Primary = 7;

    /// <param name="expr">The tree.</param>
    /// <param name="name">Names of the operands; x, y, z, x3, x4 ... where not given.</param>
    public static string Of(Expr expr, Func<int, string>? name = null) => Render(expr, name ?? DefaultName).Text;

    public static string Of(Condition condition, Func<int, string>? name = null) => Render(condition, name ?? DefaultName).Text;

    private static string DefaultName(int position) => position switch
    {
        0 => "x",
        1 => "y",
        2 => "z",
        _ => "x" + position.ToString(CultureInfo.InvariantCulture),
    };

    private static (string Text, int Strength) Render(Expr expr, Func<int, string> name) => expr switch
    {
        Expr.Arg e => (name(e.Position), Primary),
        Expr.Const e => Number(e.Value),
        Expr.Index e => (e.Axis == Axis.Row ? "row" : "column", Primary),
        Expr.ChunkEnd => ("chunkEnd", Primary),
        Expr.Unary { Op: UnaryOp.Negate } e => ("-" + Within(Render(e.A, name), Primary), Prefix),
        Expr.Unary e => Call(e.Op.ToString(), name, e.A),
        Expr.Binary { Op: BinaryOp.Min or BinaryOp.Max } e => Call(e.Op.ToString(), name, e.A, e.B),
        Expr.Binary e => Infix(Symbol(e.Op), e.Op is BinaryOp.Add or BinaryOp.Subtract ? Sum : Product, Render(e.A, name), Render(e.B, name)),
        Expr.MultiplyAdd e => Call("fma", name, e.A, e.B, e.C),
        Expr.Select e => (
            Within(Render(e.Test, name), OrElse) + " ? " + Within(Render(e.A, name), OrElse) + " : " + Render(e.B, name).Text,
            Conditional),
        _ => throw new ArgumentOutOfRangeException(nameof(expr)),
    };

    private static (string Text, int Strength) Render(Condition condition, Func<int, string> name) => condition switch
    {
        Condition.Compare c => Infix(Symbol(c.Op), Comparison, Render(c.A, name), Render(c.B, name)),
        Condition.And c => Infix("&&", AndAlso, Render(c.A, name), Render(c.B, name)),
        Condition.Or c => Infix("||", OrElse, Render(c.A, name), Render(c.B, name)),
        Condition.Not c => ("!" + Within(Render(c.A, name), Primary), Prefix),
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    private static (string Text, int Strength) Number(double value)
    {
        string text = NumberText.Of(value);
        return (text, text[0] == '-' ? Prefix : Primary);
    }

    private static (string Text, int Strength) Call(string function, Func<int, string> name, params Expr[] operands) =>
        (function.ToLowerInvariant() + "(" + string.Join(", ", operands.Select(o => Render(o, name).Text)) + ")", Primary);

    // Left-associative: the right side needs parentheses at equal strength.
    private static (string Text, int Strength) Infix(string symbol, int strength, (string, int) a, (string, int) b) =>
        (Within(a, strength) + " " + symbol + " " + Within(b, strength + 1), strength);

    private static string Within((string Text, int Strength) part, int least) =>
        part.Strength >= least ? part.Text : "(" + part.Text + ")";

    private static string Symbol(BinaryOp op) => op switch
    {
        BinaryOp.Add => "+",
        BinaryOp.Subtract => "-",
        BinaryOp.Multiply => "*",
        BinaryOp.Divide => "/",
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    private static string Symbol(CompareOp op) => op switch
    {
        CompareOp.Less => "<",
        CompareOp.LessOrEqual => "<=",
        CompareOp.Greater => ">",
        CompareOp.GreaterOrEqual => ">=",
        CompareOp.Equal => "==",
        CompareOp.NotEqual => "!=",
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };
}
