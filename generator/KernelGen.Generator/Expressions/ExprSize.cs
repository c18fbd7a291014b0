namespace KernelGen.Generator.Expressions;

/// <summary>Counts nodes. A tree shares subtrees in memory but not in meaning: x = x * x twenty times over is a million nodes, so the count stops at a limit.</summary>
internal static class ExprSize
{
    public static bool Exceeds(Expr expr, int limit)
    {
        Visit(expr, ref limit);
        return limit < 0;
    }

    public static bool Exceeds(Condition condition, int limit)
    {
        Visit(condition, ref limit);
        return limit < 0;
    }

    private static void Visit(Expr expr, ref int left)
    {
        if (--left < 0)
            return;
        switch (expr)
        {
            case Expr.Unary e:
                Visit(e.A, ref left);
                break;
            case Expr.Binary e:
                Visit(e.A, ref left);
                Visit(e.B, ref left);
                break;
            case Expr.MultiplyAdd e:
                Visit(e.A, ref left);
                Visit(e.B, ref left);
                Visit(e.C, ref left);
                break;
            case Expr.Select e:
                Visit(e.Test, ref left);
                Visit(e.A, ref left);
                Visit(e.B, ref left);
                break;
        }
    }

    private static void Visit(Condition condition, ref int left)
    {
        if (--left < 0)
            return;
        switch (condition)
        {
            case Condition.Compare c:
                Visit(c.A, ref left);
                Visit(c.B, ref left);
                break;
            case Condition.And c:
                Visit(c.A, ref left);
                Visit(c.B, ref left);
                break;
            case Condition.Or c:
                Visit(c.A, ref left);
                Visit(c.B, ref left);
                break;
            case Condition.Not c:
                Visit(c.A, ref left);
                break;
        }
    }
}
