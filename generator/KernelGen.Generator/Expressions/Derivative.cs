namespace KernelGen.Generator.Expressions;

/// <summary>
/// Symbolic differentiation. A branch is differentiated on its own side, and its condition is taken as locally constant; steps (floor and
/// its kin) have derivative 0. A term whose derivative is zero by structure is left out rather than multiplied by zero: the derivative
/// of c f(x) is c f'(x), and the 0 * f(x) of the product rule would be NaN where a finite map passes through an infinity.
/// </summary>
internal static class Derivative
{
    private static readonly Expr Zero = 0.0;

    /// <summary>The simplified derivative of <paramref name="expr"/> by operand <paramref name="position"/>.</summary>
    public static Expr Of(Expr expr, int position = 0) => Simplify.Of(D(expr, position));

    private static Expr D(Expr expr, int p) => expr switch
    {
        Expr.Arg e => e.Position == p ? 1.0 : Zero,
        Expr.Unary e => Unary(e, D(e.A, p)),
        Expr.Binary e => Binary(e, D(e.A, p), D(e.B, p)),
        Expr.MultiplyAdd e => MultiplyAdd(e, D(e.A, p), D(e.B, p), D(e.C, p)),
        Expr.Select e => Select(e.Test, D(e.A, p), D(e.B, p)),
        _ => Zero,
    };

    private static Expr Unary(Expr.Unary e, Expr da)
    {
        if (IsZero(da))
            return Zero;
        Expr a = e.A;
        return e.Op switch
        {
            UnaryOp.Negate => -da,
            UnaryOp.Abs => Select(Greater(a, 0.0), da, Select(Less(a, 0.0), -da, Zero)),
            UnaryOp.Sqrt => Times(0.5, da) / e,
            UnaryOp.Exp => Times(da, e),
            UnaryOp.Log => da / a,
            UnaryOp.Sin => Times(da, new Expr.Unary(UnaryOp.Cos, a)),
            UnaryOp.Cos => -Times(da, new Expr.Unary(UnaryOp.Sin, a)),
            UnaryOp.Tanh => Times(da, 1.0 - (e * e)),
            _ => Zero,
        };
    }

    private static Expr Binary(Expr.Binary e, Expr da, Expr db) => e.Op switch
    {
        BinaryOp.Add => Plus(da, db),
        BinaryOp.Subtract => Minus(da, db),
        BinaryOp.Multiply => Plus(Times(da, e.B), Times(e.A, db)),
        BinaryOp.Divide => Quotient(e, da, db),
        BinaryOp.Min => Extremum(CompareOp.Less, e, da, db),
        BinaryOp.Max => Extremum(CompareOp.Greater, e, da, db),
        _ => throw new ArgumentOutOfRangeException(nameof(e)),
    };

    // (a / b)' = (a' - (a / b) b') / b: the quotient is there already.
    private static Expr Quotient(Expr.Binary e, Expr da, Expr db)
    {
        Expr numerator = Minus(da, Times(e, db));
        return IsZero(numerator) ? Zero : numerator / e.B;
    }

    // At a tie the constant side wins, so that max(x, 0) and max(0, x) are both flat at 0, as relu is by convention.
    private static Expr Extremum(CompareOp wins, Expr.Binary e, Expr da, Expr db) => IsZero(da)
        ? Select(new Condition.Compare(wins, e.B, e.A), db, Zero)
        : Select(new Condition.Compare(wins, e.A, e.B), da, db);

    private static Expr MultiplyAdd(Expr.MultiplyAdd e, Expr da, Expr db, Expr dc)
    {
        Expr tail = IsZero(db) ? dc : IsZero(dc) ? Times(e.A, db) : new Expr.MultiplyAdd(e.A, db, dc);
        return IsZero(da) ? tail : IsZero(tail) ? Times(da, e.B) : new Expr.MultiplyAdd(da, e.B, tail);
    }

    private static bool IsZero(Expr e) => e is Expr.Const { Value: 0 };

    private static Expr Plus(Expr a, Expr b) => IsZero(a) ? b : IsZero(b) ? a : a + b;

    private static Expr Minus(Expr a, Expr b) => IsZero(b) ? a : IsZero(a) ? -b : a - b;

    private static Expr Times(Expr a, Expr b) => IsZero(a) || IsZero(b) ? Zero : a * b;

    private static Expr Select(Condition test, Expr a, Expr b) =>
        IsZero(a) && IsZero(b) ? Zero : new Expr.Select(test, a, b);

    private static Condition.Compare Greater(Expr a, Expr b) => new Condition.Compare(CompareOp.Greater, a, b);

    private static Condition.Compare Less(Expr a, Expr b) => new Condition.Compare(CompareOp.Less, a, b);
}
