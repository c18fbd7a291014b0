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

    private static Interval Unary(UnaryOp op, Interval a) => op switch
    {
        UnaryOp.Negate => new(-a.Upper, -a.Lower),
        UnaryOp.Abs => a.Contains(0) ? new(0, Math.Max(-a.Lower, a.Upper)) : Interval.Hull(Math.Abs(a.Lower), Math.Abs(a.Upper)),

        // NaN outside the domain: no bound holds there.
        UnaryOp.Sqrt or UnaryOp.Log when a.Lower < 0 => Interval.Everything,
        UnaryOp.Sin or UnaryOp.Cos => Unit,
        _ => Interval.Hull(ExprEvaluator.Apply(op, a.Lower), ExprEvaluator.Apply(op, a.Upper)),
    };

    private static Interval Square(Interval a)
    {
        Interval size = Unary(UnaryOp.Abs, a);
        return new(size.Lower * size.Lower, size.Upper * size.Upper);
    }

    private static Interval Binary(BinaryOp op, Interval a, Interval b)
    {
        if (a.IsEmpty || b.IsEmpty)
            return Interval.Nothing;
        return op switch
        {
            BinaryOp.Add => Hull(a.Lower + b.Lower, a.Upper + b.Upper),
            BinaryOp.Subtract => Hull(a.Lower - b.Upper, a.Upper - b.Lower),
            BinaryOp.Min => new(Math.Min(a.Lower, b.Lower), Math.Min(a.Upper, b.Upper)),
            BinaryOp.Max => new(Math.Max(a.Lower, b.Lower), Math.Max(a.Upper, b.Upper)),
            BinaryOp.Multiply => Interval.Hull(a.Lower * b.Lower, a.Lower * b.Upper, a.Upper * b.Lower, a.Upper * b.Upper),
            BinaryOp.Divide when b.Contains(0) => Interval.Everything,
            BinaryOp.Divide => Interval.Hull(a.Lower / b.Lower, a.Lower / b.Upper, a.Upper / b.Lower, a.Upper / b.Upper),
            _ => Interval.Everything,
        };

        static Interval Hull(double lower, double upper) =>
            double.IsNaN(lower) || double.IsNaN(upper) ? Interval.Everything : new(lower, upper);
    }

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
