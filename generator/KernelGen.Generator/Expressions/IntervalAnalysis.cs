namespace KernelGen.Generator.Expressions;

/// <summary>
/// Bounds on the value of a map over an interval of its input: every value lies within them, though they need not be reached. A branch is
/// bounded over the inputs that reach it, where its condition compares the input with a constant.
/// </summary>
internal static class IntervalAnalysis
{
    private static readonly Interval Unit = new(-1, 1);

    public static Interval Range(Expr expr, Interval input)
    {
        if (input.IsEmpty)
            return Interval.Nothing;
        return expr switch
        {
            Expr.Arg { Position: 0 } => input,
            Expr.Const e => Interval.Hull(e.Value),
            Expr.Unary e => Unary(e.Op, Range(e.A, input)),
            Expr.Binary { Op: BinaryOp.Multiply } e when e.A.Equals(e.B) => Square(Range(e.A, input)),
            Expr.Binary e => Binary(e.Op, Range(e.A, input), Range(e.B, input)),
            Expr.MultiplyAdd e => Binary(BinaryOp.Add, Range(e.A * e.B, input), Range(e.C, input)),
            Expr.Select e => Range(e.A, Where(e.Test, true, input)).Union(Range(e.B, Where(e.Test, false, input))),
            _ => Interval.Everything,
        };
    }

    private static Interval Unary(UnaryOp op, Interval a)
    {
        if (a.IsEmpty)
            return a;
        Interval range = op switch
        {
            UnaryOp.Negate => new(-a.Upper, -a.Lower),
            UnaryOp.Abs => a.Contains(0) ? new(0, Math.Max(-a.Lower, a.Upper)) : Interval.Hull(Math.Abs(a.Lower), Math.Abs(a.Upper)),
            UnaryOp.Sqrt or UnaryOp.Log when a.Lower < 0 => Interval.Everything,
            UnaryOp.Sin or UnaryOp.Cos => a.IsBounded ? Unit : Unit with { MayBeNaN = true },

            // The others do not decrease.
            _ => Interval.Hull(ExprEvaluator.Apply(op, a.Lower), ExprEvaluator.Apply(op, a.Upper)),
        };
        return range with { MayBeNaN = range.MayBeNaN || a.MayBeNaN };
    }

    private static Interval Square(Interval a)
    {
        Interval size = Unary(UnaryOp.Abs, a);
        return size with { Lower = size.Lower * size.Lower, Upper = size.Upper * size.Upper };
    }

    private static Interval Binary(BinaryOp op, Interval a, Interval b)
    {
        if (a.IsEmpty || b.IsEmpty)
            return Interval.Nothing with { MayBeNaN = a.MayBeNaN || b.MayBeNaN };
        Interval range = op switch
        {
            BinaryOp.Add => Sum(a, b),
            BinaryOp.Subtract => Sum(a, Unary(UnaryOp.Negate, b)),
            BinaryOp.Min => new(Math.Min(a.Lower, b.Lower), Math.Min(a.Upper, b.Upper)),
            BinaryOp.Max => new(Math.Max(a.Lower, b.Lower), Math.Max(a.Upper, b.Upper)),
            BinaryOp.Multiply => Product(a, b),
            BinaryOp.Divide when b.Contains(0) => Interval.Everything,
            BinaryOp.Divide => Interval.Hull(a.Lower / b.Lower, a.Lower / b.Upper, a.Upper / b.Lower, a.Upper / b.Upper),
            _ => Interval.Everything,
        };
        return range with { MayBeNaN = range.MayBeNaN || a.MayBeNaN || b.MayBeNaN };
    }

    // inf - inf, and 0 * inf below, may hide inside an interval as well as stand at its ends.
    private static Interval Sum(Interval a, Interval b) =>
        (double.IsPositiveInfinity(a.Upper) && double.IsNegativeInfinity(b.Lower)) || (double.IsNegativeInfinity(a.Lower) && double.IsPositiveInfinity(b.Upper))
            ? Interval.Everything
            : new(a.Lower + b.Lower, a.Upper + b.Upper);

    private static Interval Product(Interval a, Interval b) =>
        (a.Contains(0) && !b.IsBounded) || (b.Contains(0) && !a.IsBounded)
            ? Interval.Everything
            : Interval.Hull(a.Lower * b.Lower, a.Lower * b.Upper, a.Upper * b.Lower, a.Upper * b.Upper);

    /// <summary>The inputs for which <paramref name="condition"/> may be <paramref name="outcome"/>.</summary>
    private static Interval Where(Condition condition, bool outcome, Interval input) => condition switch
    {
        Condition.Compare { A: Expr.Arg { Position: 0 }, B: Expr.Const c } e => Where(e.Op, c.Value, outcome, input),
        Condition.Compare { A: Expr.Const c, B: Expr.Arg { Position: 0 } } e => Where(Mirror(e.Op), c.Value, outcome, input),
        Condition.And e when outcome => Where(e.B, true, Where(e.A, true, input)),
        Condition.And e => Where(e.A, false, input).Union(Where(e.B, false, input)),
        Condition.Or e when outcome => Where(e.A, true, input).Union(Where(e.B, true, input)),
        Condition.Or e => Where(e.B, false, Where(e.A, false, input)),
        Condition.Not e => Where(e.A, !outcome, input),
        _ => input,
    };

    // Closed intervals: an open end is widened to its limit.
    private static Interval Where(CompareOp op, double bound, bool outcome, Interval input) => (op, outcome) switch
    {
        (CompareOp.Less or CompareOp.LessOrEqual, true) or (CompareOp.Greater or CompareOp.GreaterOrEqual, false) =>
            input.Intersect(new(double.NegativeInfinity, bound)),
        (CompareOp.Greater or CompareOp.GreaterOrEqual, true) or (CompareOp.Less or CompareOp.LessOrEqual, false) =>
            input.Intersect(new(bound, double.PositiveInfinity)),
        (CompareOp.Equal, true) or (CompareOp.NotEqual, false) => input.Intersect(new(bound, bound)),
        _ => input,
    };

    private static CompareOp Mirror(CompareOp op) => op switch
    {
        CompareOp.Less => CompareOp.Greater,
        CompareOp.LessOrEqual => CompareOp.GreaterOrEqual,
        CompareOp.Greater => CompareOp.Less,
        CompareOp.GreaterOrEqual => CompareOp.LessOrEqual,
        _ => op,
    };
}
