using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// What both passes know of the eps of a normaliser: added to R once, or to every element of z (which adds eps sum_m phi(q)_m), or a guard or floor of R. With n the
/// denominator that comes of it, dR = n'(R) dn.
/// </summary>
internal static class Denominators
{
    /// <summary>The term eps phi(q)_m of a row sum, where eps belongs to the sums.</summary>
    public static ReduceTerm OfSums(Tile queries, Normalizer normalizer) => new(new Expr.Arg(0) * normalizer.Epsilon, new[] { new Operand(queries) });

    /// <summary>1 / n, of a sum that has the eps already where it belongs to the sums.</summary>
    public static Expr Inverse(Expr sum, Normalizer normalizer)
    {
        double epsilon = normalizer.Epsilon;
        return 1.0 / (normalizer.Rule switch
        {
            EpsilonRule.Denominator => sum + epsilon,
            EpsilonRule.Sums => sum,
            EpsilonRule.Guard => sum + new Expr.Select(new Condition.Compare(CompareOp.LessOrEqual, Abs(sum), epsilon), 2 * epsilon, 0.0),
            EpsilonRule.Floor => new Expr.Binary(BinaryOp.Max, sum, epsilon),
            _ => new Expr.Binary(BinaryOp.Max, Abs(sum), epsilon),
        });
    }

    /// <summary>n'(R); null where it is 1 everywhere.</summary>
    public static Expr? Slope(Expr sum, Normalizer normalizer) => normalizer.Rule switch
    {
        EpsilonRule.Floor => new Expr.Select(Above(sum, normalizer), 1.0, 0.0),
        EpsilonRule.AbsoluteFloor => new Expr.Select(Above(sum, normalizer), 1.0, new Expr.Select(Above(-sum, normalizer), -1.0, 0.0)),
        _ => null,
    };

    /// <summary>For notes: the denominator of the sum <paramref name="sum"/>, and what eps is multiplied by where it belongs to the sums.</summary>
    public static string Text(string sum, Normalizer normalizer) => normalizer.Rule switch
    {
        EpsilonRule.Denominator => $"({sum} + eps)",
        EpsilonRule.Sums => $"({sum} + eps sum_m qf[r,m])",
        EpsilonRule.Guard => $"(R + 2 eps [|R| <= eps]), R = {sum}",
        EpsilonRule.Floor => $"max({sum}, eps)",
        _ => $"max(|{sum}|, eps)",
    };

    private static Expr Abs(Expr value) => new Expr.Unary(UnaryOp.Abs, value);

    private static Condition.Compare Above(Expr value, Normalizer normalizer) => new(CompareOp.Greater, value, normalizer.Epsilon);
}
