namespace KernelGen.Generator.Expressions;

/// <summary>
/// Makes a tree smaller without changing what it computes: no regrouping, nothing that could turn a NaN or an infinity into a number.
/// Two liberties are taken. Constants are folded in double, so a folded chain is rounded once where the source rounds at each step;
/// and x + 0 becomes x, which differs only in the sign of a zero. x * 0 stays: it is NaN at infinity. (A derivative never holds
/// one: see <see cref="Derivative"/>.)
/// </summary>
internal static class Simplify
{
    public static Expr Of(Expr expr) => expr switch
    {
        Expr.Unary e => Unary(e.Op, Of(e.A)),
        Expr.Binary e => Binary(e.Op, Of(e.A), Of(e.B)),
        Expr.MultiplyAdd e => MultiplyAdd(Of(e.A), Of(e.B), Of(e.C)),
        Expr.Select e => Select(Of(e.Test), Of(e.A), Of(e.B)),
        _ => expr,
    };

    public static Condition Of(Condition condition) => condition switch
    {
        Condition.Compare c => Compare(c.Op, Of(c.A), Of(c.B)),
        Condition.And c => And(Of(c.A), Of(c.B)),
        Condition.Or c => Or(Of(c.A), Of(c.B)),
        Condition.Not c => Not(Of(c.A)),
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    private static Expr Unary(UnaryOp op, Expr a) => (op, a) switch
    {
        (_, Expr.Const c) => ExprEvaluator.Apply(op, c.Value),
        (UnaryOp.Negate or UnaryOp.Abs, Expr.Unary { Op: UnaryOp.Negate } n) => op == UnaryOp.Negate ? n.A : Unary(UnaryOp.Abs, n.A),
        (UnaryOp.Abs, Expr.Unary { Op: UnaryOp.Abs }) => a,
        _ => new Expr.Unary(op, a),
    };

    private static Expr Binary(BinaryOp op, Expr a, Expr b)
    {
        if (a is Expr.Const x && b is Expr.Const y)
            return ExprEvaluator.Apply(op, x.Value, y.Value);
        return op switch
        {
            BinaryOp.Add => Add(a, b),
            BinaryOp.Subtract => Subtract(a, b),
            BinaryOp.Multiply => Multiply(a, b),
            BinaryOp.Divide => Divide(a, b),
            _ => a.Equals(b) ? a : new Expr.Binary(op, a, b),
        };
    }

    private static Expr Add(Expr a, Expr b) => (a, b) switch
    {
        (Expr.Const { Value: 0 }, _) => b,
        (_, Expr.Const { Value: 0 }) => a,
        (_, Expr.Unary { Op: UnaryOp.Negate } n) => Subtract(a, n.A),
        (Expr.Unary { Op: UnaryOp.Negate } n, _) => Subtract(b, n.A),
        _ => a + b,
    };

    private static Expr Subtract(Expr a, Expr b) => (a, b) switch
    {
        (Expr.Const { Value: 0 }, _) => Unary(UnaryOp.Negate, b),
        (_, Expr.Const { Value: 0 }) => a,
        (_, Expr.Unary { Op: UnaryOp.Negate } n) => Add(a, n.A),
        _ => a - b,
    };

    private static Expr Multiply(Expr a, Expr b) => (a, b) switch
    {
        (Expr.Const { Value: 1 }, _) => b,
        (_, Expr.Const { Value: 1 }) => a,
        (Expr.Const { Value: -1 }, _) => Unary(UnaryOp.Negate, b),
        (_, Expr.Const { Value: -1 }) => Unary(UnaryOp.Negate, a),
        (Expr.Unary { Op: UnaryOp.Negate } n, Expr.Unary { Op: UnaryOp.Negate } m) => Multiply(n.A, m.A),
        _ => a * b,
    };

    private static Expr Divide(Expr a, Expr b) => (a, b) switch
    {
        (_, Expr.Const { Value: 1 }) => a,
        (_, Expr.Const { Value: -1 }) => Unary(UnaryOp.Negate, a),
        (_, Expr.Const c) when HasExactReciprocal(c.Value) => Multiply(a, 1.0 / c.Value),
        (Expr.Unary { Op: UnaryOp.Negate } n, Expr.Unary { Op: UnaryOp.Negate } m) => Divide(n.A, m.A),
        _ => a / b,
    };

    private static Expr MultiplyAdd(Expr a, Expr b, Expr c) => (a, b, c) switch
    {
        (Expr.Const x, Expr.Const y, Expr.Const z) => (x.Value * y.Value) + z.Value,
        (Expr.Const { Value: 1 }, _, _) => Add(b, c),
        (_, Expr.Const { Value: 1 }, _) => Add(a, c),
        (_, _, Expr.Const { Value: 0 }) => Multiply(a, b),
        _ => new Expr.MultiplyAdd(a, b, c),
    };

    private static Expr Select(Condition test, Expr a, Expr b)
    {
        if (Truth.Known(test) is { } known)
            return known ? a : b;
        if (test is Condition.Not not)
            (test, a, b) = (not.A, b, a);

        // A branch that asks the same question again already knows the answer.
        if (a is Expr.Select inner && inner.Test.Equals(test))
            a = inner.A;
        if (b is Expr.Select other && other.Test.Equals(test))
            b = other.B;
        return a.Equals(b) ? a : new Expr.Select(test, a, b);
    }

    private static Condition Compare(CompareOp op, Expr a, Expr b) =>
        a is Expr.Const x && b is Expr.Const y
            ? Truth.Of(ExprEvaluator.Apply(op, x.Value, y.Value))
            : new Condition.Compare(op, a, b);

    private static Condition And(Condition a, Condition b) => (Truth.Known(a), Truth.Known(b)) switch
    {
        (false, _) or (_, false) => Truth.Never,
        (true, _) => b,
        (_, true) => a,
        _ => a.Equals(b) ? a : new Condition.And(a, b),
    };

    private static Condition Or(Condition a, Condition b) => (Truth.Known(a), Truth.Known(b)) switch
    {
        (true, _) or (_, true) => Truth.Always,
        (false, _) => b,
        (_, false) => a,
        _ => a.Equals(b) ? a : new Condition.Or(a, b),
    };

    // An order comparison is not turned round: not (a < b) holds for NaN, a >= b does not.
    private static Condition Not(Condition a) => (Truth.Known(a), a) switch
    {
        ({ } known, _) => Truth.Of(!known),
        (_, Condition.Not n) => n.A,
        (_, Condition.Compare { Op: CompareOp.Equal } c) => c with { Op = CompareOp.NotEqual },
        (_, Condition.Compare { Op: CompareOp.NotEqual } c) => c with { Op = CompareOp.Equal },
        _ => new Condition.Not(a),
    };

    /// <summary>Powers of two whose reciprocal is a normal number in float as well.</summary>
    private static bool HasExactReciprocal(double value)
    {
        const long Mantissa = (1L << 52) - 1;
        double size = Math.Abs(value);
        return size is >= 1.0 / (1L << 60) and <= 1L << 60 && (BitConverter.DoubleToInt64Bits(value) & Mantissa) == 0;
    }
}
