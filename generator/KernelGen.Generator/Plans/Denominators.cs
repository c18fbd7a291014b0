using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>What both passes know of the eps of a normaliser: added to R once, or to every element of z, which adds eps sum_m phi(q)_m.</summary>
internal static class Denominators
{
    /// <summary>The term eps phi(q)_m of a row sum, where eps belongs to the sums.</summary>
    public static ReduceTerm OfSums(Tile queries, Normalizer normalizer) => new(new Expr.Arg(0) * normalizer.Epsilon, new[] { new Operand(queries) });

    /// <summary>1 / (R + eps), of a sum that has the eps already where it belongs to the sums.</summary>
    public static Expr Inverse(Expr sum, Normalizer normalizer) => 1.0 / (normalizer.OfSums ? sum : sum + normalizer.Epsilon);
}
