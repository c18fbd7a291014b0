namespace KernelGen.Generator.Expressions;

/// <summary>
/// Constant conditions. There is no node for them: <see cref="Simplify"/> leaves none behind, so nothing that lowers a tree ever meets one.
/// </summary>
internal static class Truth
{
    public static Condition Always { get; } = new Condition.Compare(CompareOp.Equal, 0.0, 0.0);

    public static Condition Never { get; } = new Condition.Compare(CompareOp.NotEqual, 0.0, 0.0);

    public static Condition Of(bool value) => value ? Always : Never;

    /// <summary>The value of a comparison of constants, otherwise null.</summary>
    public static bool? Known(Condition condition) =>
        condition is Condition.Compare { Op: var op, A: Expr.Const a, B: Expr.Const b }
            ? ExprEvaluator.Apply(op, a.Value, b.Value)
            : null;
}
