namespace KernelGen.Generator.Expressions;

/// <summary>Roughly how many instructions an expression becomes, equal subexpressions counted once.</summary>
internal static class ExprCost
{
    /// <summary>An exponential written out, and the other elementary functions, which are about twice as long.</summary>
    private const int Exponential = 20, Elementary = 40;

    public static int Of(IEnumerable<Expr> values)
    {
        HashSet<Expr> seen = [];
        int cost = 0;
        foreach (Expr value in values)
        {
            Substitution.Rewrite(value, e =>
            {
                if (seen.Add(e))
                    cost += Own(e);
                return null;
            });
        }

        return cost;
    }

    private static int Own(Expr e) => e switch
    {
        Expr.Unary { Op: UnaryOp.Exp } => Exponential,
        Expr.Unary { Op: UnaryOp.Log or UnaryOp.Sin or UnaryOp.Cos or UnaryOp.Tanh } => Elementary,
        _ => 1,
    };
}
