namespace KernelGen.Generator.Expressions;

/// <summary>Replaces an operand by an expression: how maps are composed.</summary>
internal static class Substitution
{
    public static Expr ReplaceArg(Expr tree, int position, Expr replacement) =>
        Rewrite(tree, e => e is Expr.Arg arg && arg.Position == position ? replacement : null);

    /// <summary>Rebuilds <paramref name="tree"/>; where <paramref name="leaf"/> gives something for a node, that stands in its place and is not entered.</summary>
    public static Expr Rewrite(Expr tree, Func<Expr, Expr?> leaf)
    {
        return Visit(tree);

        Expr Visit(Expr e) => leaf(e) ?? e switch
        {
            Expr.Unary u => u with { A = Visit(u.A) },
            Expr.Binary b => b with { A = Visit(b.A), B = Visit(b.B) },
            Expr.MultiplyAdd m => new Expr.MultiplyAdd(Visit(m.A), Visit(m.B), Visit(m.C)),
            Expr.Select s => new Expr.Select(Test(s.Test), Visit(s.A), Visit(s.B)),
            _ => e,
        };

        Condition Test(Condition c) => c switch
        {
            Condition.Compare compare => compare with { A = Visit(compare.A), B = Visit(compare.B) },
            Condition.And and => new Condition.And(Test(and.A), Test(and.B)),
            Condition.Or or => new Condition.Or(Test(or.A), Test(or.B)),
            Condition.Not not => new Condition.Not(Test(not.A)),
            _ => c,
        };
    }
}
