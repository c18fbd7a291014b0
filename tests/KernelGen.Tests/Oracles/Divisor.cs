using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>What a numerator is divided by: the sum R of its weights, with the declaration's eps by its rule.</summary>
internal static class Divisor
{
    /// <param name="declaration">Normalised.</param>
    /// <param name="sum">R.</param>
    /// <param name="query">The sum of the mapped query's elements, scaled.</param>
    public static double Of(Declaration declaration, double sum, double query)
    {
        double epsilon = declaration.Epsilon!.Value;
        return declaration.EpsilonRule switch
        {
            EpsilonRule.Denominator => sum + epsilon,
            EpsilonRule.Sums => sum + (epsilon * query),
            EpsilonRule.Guard => Math.Abs(sum) <= epsilon ? sum + (2 * epsilon) : sum,
            EpsilonRule.Floor => Math.Max(sum, epsilon),
            _ => Math.Max(Math.Abs(sum), epsilon),
        };
    }

    /// <summary>Its derivative by R.</summary>
    public static double Slope(Declaration declaration, double sum) => declaration.EpsilonRule switch
    {
        EpsilonRule.Floor => sum > declaration.Epsilon ? 1 : 0,
        EpsilonRule.AbsoluteFloor => Math.Abs(sum) > declaration.Epsilon ? Math.Sign(sum) : 0,
        _ => 1,
    };
}
