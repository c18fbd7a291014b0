using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>
/// The mapped rows of a declaration and their derivatives, row by row in double precision: phi(x) element by element, or, projected, with u = c P x, h = c^2 |x|^2 / 2 and a stabiliser m
/// that has no gradient (<see cref="Maximum"/>):
/// <code>
/// r f(u) + eps     r (exp(u - h - m) + eps)     r exp(h - m) (cos u, sin u), of queries without the exponential     r (exp(u - h), exp(-u - h))     r (cos u, sin u), a constant
/// </code>
/// </summary>
internal sealed class RowFeatures(Declaration declaration, AttentionProblem problem, AttentionProblem held, GradientResult? parameters = null)
{
    private readonly int _d = declaration.HeadDim;
    private readonly int _p = declaration.ProjectedDim;

    public double[] Of(double[] rows, int row, int head, double stabilizer = 0)
    {
        if (declaration.Learned is { } learned)
            return LearnedFeatures.Of(learned, Projected(learned, Unit(rows, row, learned).Row, head, ReferenceEquals(rows, problem.K)));
        if (declaration.Random is not { } random)
            return [.. Enumerable.Range(0, _d).Select(d => declaration.Map.Value(rows[row + d]))];
        double[] u = Projected(rows, row, head, random);
        double half = Half(rows, row, random), ratio = Ratio(random), growth = ratio * Growth(rows, random, half, stabilizer);
        return random.Kernel switch
        {
            PerformerKernel.Generalized => [.. u.Select(x => (ratio * declaration.Map.Value(x)) + random.Epsilon)],
            PerformerKernel.Positive => [.. u.Select(x => ratio * (Math.Exp(x - half - stabilizer) + random.Epsilon))],
            PerformerKernel.PositivePair => [.. u.Select(x => ratio * Math.Exp(x - half)), .. u.Select(x => ratio * Math.Exp(-x - half))],
            _ => [.. u.Select(x => growth * Math.Cos(x)), .. u.Select(x => growth * Math.Sin(x)), .. random.Smoothing is { } constant ? [constant] : Array.Empty<double>()],
        };
    }

    /// <summary>The gradient of a row, given that of its features; what it adds to that of a learned projection goes there.</summary>
    public double[] Gradient(double[] rows, int row, int head, double[] features, double stabilizer = 0)
    {
        if (declaration.Learned is { } learned)
            return Gradient(learned, rows, row, head, features);
        if (declaration.Random is not { } random)
            return [.. Enumerable.Range(0, _d).Select(d => features[d] * declaration.Map.Derivative(rows[row + d]))];
        double[] u = Projected(rows, row, head, random), phi = Of(rows, row, head, stabilizer);
        double ratio = Ratio(random), factor = Factor(random);

        // du, and dh: features are exp(-h) times something, or exp(h), or neither.
        (double[] slope, double fromHalf) = random.Kernel switch
        {
            PerformerKernel.Generalized => (u.Select((x, m) => features[m] * ratio * declaration.Map.Derivative(x)).ToArray(), 0.0),
            PerformerKernel.Positive => Exponential(u.Select((_, m) => features[m] * (phi[m] - (ratio * random.Epsilon))).ToArray()),
            PerformerKernel.PositivePair => (u.Select((_, m) => (features[m] * phi[m]) - (features[_p + m] * phi[_p + m])).ToArray(), -features.Zip(phi, (d, f) => d * f).Sum()),
            _ => (u.Select((_, m) => (features[_p + m] * phi[m]) - (features[m] * phi[_p + m])).ToArray(), IsGrowing(rows, random) ? features.Zip(phi, (d, f) => d * f).Sum() : 0.0),
        };
        return [.. Enumerable.Range(0, _d).Select(d => (factor * Enumerable.Range(0, _p).Sum(m => slope[m] * problem.P(head, m, d))) + (factor * factor * fromHalf * rows[row + d]))];

        static (double[] Slope, double FromHalf) Exponential(double[] slope) => (slope, -slope.Sum());
    }

    private double[] Gradient(LearnedMap learned, double[] rows, int row, int head, double[] features)
    {
        bool ofKeys = ReferenceEquals(rows, problem.K), isOwn = ofKeys && learned.HasKeyProjection;
        (double[] y, double length) = Unit(rows, row, learned);
        double[] du = LearnedFeatures.Back(learned, Projected(learned, y, head, ofKeys), features);
        double factor = 1 / learned.Temperature;
        for (int p = 0; p < _p && parameters is not null; p++)
        {
            int at = problem.MatrixRow(isOwn ? problem.KeyProjection : problem.Projection, head, p);
            for (int d = 0; d < _d; d++)
                (isOwn ? parameters.KeyProjection : parameters.Projection)[(at * _d) + d] += factor * du[p] * y[d];
            if (learned.Bias)
                (isOwn ? parameters.KeyProjectionBias : parameters.ProjectionBias)[at] += du[p];
        }

        double[] dy = [.. Enumerable.Range(0, _d).Select(d => factor * Enumerable.Range(0, _p).Sum(p => du[p] * problem.P(head, p, d, ofKeys)))];
        if (!learned.IsRandomFeature)
            return dy;
        double along = y.Zip(dy, (a, b) => a * b).Sum();
        return [.. dy.Select((g, d) => length == 0 ? g / 1e-3 : (g / (length + 1e-3)) - (y[d] * along / length))];
    }

    /// <summary>A row as it is projected, and its length where it is divided by that.</summary>
    private (double[] Row, double Length) Unit(double[] rows, int row, LearnedMap learned)
    {
        double[] x = rows[row..(row + _d)];
        if (!learned.IsRandomFeature)
            return (x, 1);
        double length = Math.Sqrt(x.Sum(a => a * a));
        return ([.. x.Select(a => a / (length + 1e-3))], length);
    }

    private double[] Projected(LearnedMap learned, double[] y, int head, bool ofKeys) =>
    [
        .. Enumerable.Range(0, _p).Select(p =>
            (Enumerable.Range(0, _d).Sum(d => problem.P(head, p, d, ofKeys) * y[d]) / learned.Temperature) + (learned.Bias ? problem.P(head, p, _d, ofKeys) : 0)),
    ];

    /// <summary>What the exponents of a query have subtracted, or 0. Of the problem that is held: maxima have no gradient.</summary>
    public double QueryMaximum(int row, int head) => Maximum(held.Q, row, head);

    /// <summary>The same of a key.</summary>
    public double KeyMaximum(int row, int head) => Maximum(held.K, row, head);

    /// <summary>The greatest u, or of trigonometric features h, of their keys alone.</summary>
    private double Maximum(double[] rows, int row, int head) => declaration.Random switch
    {
        { Stabilizer: not Stabilizer.None, Paired: null } random => Projected(rows, row, head, random).Max(),
        { Stabilizer: not Stabilizer.None } random => Half(rows, row, random),
        _ => 0,
    };

    /// <summary>Keys of trigonometric features grow.</summary>
    private bool IsGrowing(double[] rows, RandomMap random) => random.Kernel == PerformerKernel.Trigonometric && ReferenceEquals(rows, problem.K);

    private double Growth(double[] rows, RandomMap random, double half, double stabilizer) => IsGrowing(rows, random) ? Math.Exp(half - stabilizer) : 1;

    private double[] Projected(double[] rows, int row, int head, RandomMap random) =>
        [.. Enumerable.Range(0, _p).Select(m => Factor(random) * Enumerable.Range(0, _d).Sum(d => problem.P(head, m, d) * rows[row + d]))];

    private double Half(double[] rows, int row, RandomMap random) => 0.5 * Factor(random) * Factor(random) * Enumerable.Range(0, _d).Sum(d => rows[row + d] * rows[row + d]);

    private double Factor(RandomMap random) => random.NormalizesInputs ? Math.Pow(_d, -0.25) : 1;

    private double Ratio(RandomMap random) => random.ScalesFeatures ? Math.Pow(random.Kernel == PerformerKernel.PositivePair ? 2 * _p : _p, -0.5) : 1;
}
