using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Dense;

/// <summary>A declared layer as data, called with numbers in double precision.</summary>
internal abstract record Layer(string Name, DenseInfo Info, bool HasBias, bool IsGated, bool IsNormed, bool IsDouble, Func<double, double> Activation, Func<double, double> Slope)
{
    private static readonly (Func<double, double>, Func<double, double>) _identity = (z => z, _ => 1);
    private static readonly (Func<double, double>, Func<double, double>) _silu = (z => z * Logistic(z), z => Logistic(z) * (1 + (z * (1 - Logistic(z)))));

    public static IReadOnlyList<Layer> All { get; } =
    [
        new Layer<float>("narrow", Narrow.Info, false, false, false, _identity, Narrow.Pack, Narrow.Forward, Narrow.Backward),
        new Layer<float>("whole", Whole.Info, true, false, false, _identity, Whole.Pack, Whole.Forward, Whole.Backward),
        new Layer<float>("deep", Deep.Info, true, false, false, _silu, Deep.Pack, Deep.Forward, Deep.Backward),
        new Layer<float>("normed", Normed.Info, false, false, true, (Gelu, GeluSlope), Normed.Pack, Normed.Forward, Normed.Backward),
        new Layer<float>("gated", Gated.Info, true, true, true, _silu, Gated.Pack, Gated.Forward, Gated.Backward),
        new Layer<double>("gated double", GatedDouble.Info, false, true, false, _identity, GatedDouble.Pack, GatedDouble.Forward, GatedDouble.Backward),
        new Layer<double>("mapped", Mapped.Info, true, false, false, (z => z / (1 + Math.Abs(z)), z => 1 / ((1 + Math.Abs(z)) * (1 + Math.Abs(z)))), Mapped.Pack, Mapped.Forward, Mapped.Backward),
    ];

    public int WeightRows => Info.Outputs * (IsGated ? 2 : 1);

    public static Layer Of(string name) => All.Single(layer => layer.Name == name);

    /// <summary>y, poisoned before and guarded.</summary>
    public abstract double[] Forward(DenseProblem problem, DenseOptions options);

    /// <summary>dx, dW and db one behind the other.</summary>
    public abstract DenseGradients Backward(DenseProblem problem, DenseOptions options);

    private static double Logistic(double z) => 1 / (1 + Math.Exp(-z));

    private static double Gelu(double z) => 0.5 * z * (1 + Math.Tanh(GeluInner(z)));

    private static double GeluInner(double z) => Math.Sqrt(2 / Math.PI) * (z + (0.044715 * z * z * z));

    private static double GeluSlope(double z)
    {
        double tanh = Math.Tanh(GeluInner(z));
        return (0.5 * (1 + tanh)) + (0.5 * z * (1 - (tanh * tanh)) * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * z * z)));
    }
}

internal sealed record DenseGradients(double[] X, double[] Weights, double[] Bias)
{
    public double[] All => [.. X, .. Weights, .. Bias];
}

internal delegate DenseWeights<T> PackMethod<T>(ReadOnlySpan<T> weights, ReadOnlySpan<T> bias, bool forTraining)
    where T : unmanaged;

internal delegate void ForwardMethod<T>(ReadOnlySpan<T> x, DenseWeights<T> weights, Span<T> y, int tokens, in DenseOptions options)
    where T : unmanaged;

internal delegate void BackwardMethod<T>(
    ReadOnlySpan<T> x, DenseWeights<T> weights, ReadOnlySpan<T> dy, Span<T> dx, Span<T> dW, Span<T> db, int tokens, in DenseOptions options)
    where T : unmanaged;

internal sealed record Layer<T>(
    string Name, DenseInfo Info, bool HasBias, bool IsGated, bool IsNormed, (Func<double, double> Value, Func<double, double> Slope) F, PackMethod<T> Pack, ForwardMethod<T> Run, BackwardMethod<T> RunBackward)
    : Layer(Name, Info, HasBias, IsGated, IsNormed, typeof(T) == typeof(double), F.Value, F.Slope)
    where T : unmanaged, IEquatable<T>
{
    public override double[] Forward(DenseProblem problem, DenseOptions options)
    {
        var y = new GuardedBuffer<T>("y", problem.Tokens * Info.Outputs);
        Run(Of(problem.X), Packed(problem, forTraining: false), y.Span, problem.Tokens, options);
        return y.Read();
    }

    public override DenseGradients Backward(DenseProblem problem, DenseOptions options)
    {
        GuardedBuffer<T> dx = new("dx", problem.X.Length), dW = new("dW", problem.Weights.Length), db = new("db", problem.Bias.Length);
        RunBackward(Of(problem.X), Packed(problem, forTraining: true), Of(problem.OutputGradient), dx.Span, dW.Span, db.Span, problem.Tokens, options);
        return new DenseGradients(dx.Read(), dW.Read(), db.Read());
    }

    public DenseWeights<T> Packed(DenseProblem problem, bool forTraining) => Pack(Of(problem.Weights), Of(problem.Bias), forTraining);

    private static T[] Of(double[] values) => values.Select(Element<T>.From).ToArray();
}
