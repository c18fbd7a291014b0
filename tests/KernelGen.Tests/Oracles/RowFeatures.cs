using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>
/// The mapped rows of a declaration and their derivatives, row by row in double precision: phi(x) element by element, or, projected, with u = c P x:
/// phi = r f(u) + eps, or phi = r (exp(u - c^2 |x|^2 / 2 - m) + eps) with a stabiliser m that has no gradient (<see cref="Maximum"/>).
/// </summary>
internal sealed class RowFeatures(Declaration declaration, AttentionProblem problem, AttentionProblem held)
{
    private readonly int _d = declaration.HeadDim;
    private readonly int _m = declaration.FeatureDim;

    public double[] Of(double[] rows, int row, int head, double stabilizer = 0)
    {
        if (declaration.Random is not { } random)
            return [.. Enumerable.Range(0, _d).Select(d => declaration.Map.Value(rows[row + d]))];
        double[] u = Projected(rows, row, head, random);
        double half = Half(rows, row, random), ratio = Ratio(random);
        return random.IsGeneralized
            ? [.. u.Select(x => (ratio * declaration.Map.Value(x)) + random.Epsilon)]
            : [.. u.Select(x => ratio * (Math.Exp(x - half - stabilizer) + random.Epsilon))];
    }

    /// <summary>The gradient of a row, given that of its features.</summary>
    public double[] Gradient(double[] rows, int row, int head, double[] features, double stabilizer = 0)
    {
        if (declaration.Random is not { } random)
            return [.. Enumerable.Range(0, _d).Select(d => features[d] * declaration.Map.Derivative(rows[row + d]))];
        double[] u = Projected(rows, row, head, random);
        double half = Half(rows, row, random), ratio = Ratio(random), factor = Factor(random);
        double[] slope = [.. u.Select((x, m) => features[m] * ratio * (random.IsGeneralized ? declaration.Map.Derivative(x) : Math.Exp(x - half - stabilizer)))];
        double fromHalf = random.IsGeneralized ? 0 : factor * factor * slope.Sum();
        return [.. Enumerable.Range(0, _d).Select(d => (factor * Enumerable.Range(0, _m).Sum(m => slope[m] * P(head, m, d))) - (fromHalf * rows[row + d]))];
    }

    /// <summary>The greatest exponent of a query, half its square not subtracted; 0 where features are not stabilised. Of the problem that is held: maxima have no gradient.</summary>
    public double QueryMaximum(int row, int head) => Maximum(held.Q, row, head);

    /// <summary>The same of a key.</summary>
    public double KeyMaximum(int row, int head) => Maximum(held.K, row, head);

    private double Maximum(double[] rows, int row, int head) =>
        declaration.Random is { Stabilizer: not Stabilizer.None } random ? Projected(rows, row, head, random).Max() : 0;

    private double[] Projected(double[] rows, int row, int head, RandomMap random) =>
        [.. Enumerable.Range(0, _m).Select(m => Factor(random) * Enumerable.Range(0, _d).Sum(d => P(head, m, d) * rows[row + d]))];

    private double Half(double[] rows, int row, RandomMap random) => 0.5 * Factor(random) * Factor(random) * Enumerable.Range(0, _d).Sum(d => rows[row + d] * rows[row + d]);

    private double Factor(RandomMap random) => random.NormalizesInputs ? Math.Pow(_d, -0.25) : 1;

    private double Ratio(RandomMap random) => random.ScalesFeatures ? Math.Pow(_m, -0.5) : 1;

    private double P(int head, int m, int d) => problem.Projection[(((problem.Projection.Length == _m * _d ? 0 : head) * _m) + m) * _d + d];
}
