using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>
/// The slope of the loss L = dO.o + dS.S + dz.z along one input element, by differences of the interpreted forward pass: what a gradient is by definition. Some
/// elements of every input are tried, the first and the last among them.
/// </summary>
internal sealed class CentralDifferences(Declaration declaration, GradientProblem problem, Random random)
{
    private const double Step = 1e-3;
    private const double Tolerance = 2e-6;
    private const int Elements = 4;

    private readonly InterpretedForward _forward = new(declaration);

    public void Check(GradientResult gradients, string context)
    {
        AttentionProblem call = problem.Call;
        Check("dq", call.Q, gradients.Queries, x => call with { Q = x }, context);
        Check("dk", call.K, gradients.Keys, x => call with { K = x }, context);
        Check("dv", call.V, gradients.Values, x => call with { V = x }, context);

        // A step in a projection moves every token, and some of a hundred over a kink.
        if (declaration.Learned is { IsSmooth: true })
        {
            Check("dP", call.Projection, gradients.Projection, x => call with { Projection = x }, context);
            Check("db", call.ProjectionBias, gradients.ProjectionBias, x => call with { ProjectionBias = x }, context);
            Check("dPk", call.KeyProjection, gradients.KeyProjection, x => call with { KeyProjection = x }, context);
            Check("dbk", call.KeyProjectionBias, gradients.KeyProjectionBias, x => call with { KeyProjectionBias = x }, context);
        }

        Check("dS", call.InitialState, gradients.State, x => call with { InitialState = x }, context);
        Check("dz", call.InitialNormalizer, gradients.Normalizer, x => call with { InitialNormalizer = x }, context);
    }

    private void Check(string name, double[] input, double[] gradient, Func<double[], AttentionProblem> with, string context)
    {
        Assert.Equal(input.Length, gradient.Length);
        double size = Math.Sqrt(gradient.Sum(g => g * g) / Math.Max(1, gradient.Length));
        foreach (int i in new[] { 0, input.Length - 1 }.Concat(Enumerable.Range(0, Elements).Select(_ => random.Next(input.Length))).Where(i => i >= 0 && i < input.Length).Distinct())
        {
            // Masked elements are NaN and have no slope: their gradient is exactly zero.
            double expected = double.IsNaN(input[i]) ? 0 : Slope(input, i, with);
            double allowed = double.IsNaN(input[i]) ? 0 : Tolerance * (size + Math.Abs(expected));
            Assert.True(Math.Abs(gradient[i] - expected) <= allowed, FormattableString.Invariant($"{name}[{i}] is {gradient[i]:R}, differences say {expected:R}: {context}"));
        }
    }

    /// <summary>Differences at two distances, extrapolated to none: the error is of fourth order in the step.</summary>
    private double Slope(double[] input, int i, Func<double[], AttentionProblem> with)
    {
        return ((4 * Difference(Step / 2)) - Difference(Step)) / 3;

        double Difference(double h) => (Loss(input[i] + h) - Loss(input[i] - h)) / (2 * h);

        double Loss(double value)
        {
            double[] changed = [.. input];
            changed[i] = value;
            AttentionResult result = _forward.Run(with(changed));
            return Dot(problem.Output, result.Output) + Dot(problem.FinalState, result.FinalState) + Dot(problem.FinalNormalizer, result.FinalNormalizer);
        }
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
