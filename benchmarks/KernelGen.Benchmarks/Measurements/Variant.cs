using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Measurements;

internal delegate void ForwardKernel(
    ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o, in AttentionShape shape, in AttentionOptions<float> options);

internal delegate void StepKernel(
    ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o, AttentionState<float> state, in AttentionOptions<float> options);

internal delegate void BackwardKernel(
    ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> dO, Span<float> dq, Span<float> dk, Span<float> dv,
    in AttentionShape shape, in BackwardOptions<float> options);

/// <summary>A generated class as data, with the mathematics it must reproduce.</summary>
internal sealed record Variant(
    string Name,
    int HeadDim,
    Mathematics Mathematics,
    ForwardKernel Forward,
    BackwardKernel Backward,
    StepKernel Step,
    Func<int, int, AttentionState<float>> CreateState,
    AttentionInfo Info)
{
    /// <summary>Largest relative RMS against the double reference that our results may have, at any length.</summary>
    public const double AllowedRms = 1e-6;

    /// <summary>The same for gradients.</summary>
    public const double AllowedGradientRms = 1e-5;

    /// <summary>The same for peers, which accumulate differently.</summary>
    public const double AllowedPeerRms = 1e-5;

    public static Variant LinearTransformer64 { get; } = new(
        "linear_transformer", 64, Mathematics.LinearTransformer, Benchmarks.LinearTransformer64.Forward, Benchmarks.LinearTransformer64.Backward,
        Benchmarks.LinearTransformer64.Step, Benchmarks.LinearTransformer64.CreateState, Benchmarks.LinearTransformer64.Info);

    public static Variant LinearTransformer128 { get; } = new(
        "linear_transformer", 128, Mathematics.LinearTransformer, Benchmarks.LinearTransformer128.Forward, Benchmarks.LinearTransformer128.Backward,
        Benchmarks.LinearTransformer128.Step, Benchmarks.LinearTransformer128.CreateState, Benchmarks.LinearTransformer128.Info);

    public static Variant Lightning16 { get; } = new(
        "lightning", 16, Mathematics.Lightning, Benchmarks.Lightning16.Forward, Benchmarks.Lightning16.Backward,
        Benchmarks.Lightning16.Step, Benchmarks.Lightning16.CreateState, Benchmarks.Lightning16.Info);

    public static Variant Lightning32 { get; } = new(
        "lightning", 32, Mathematics.Lightning, Benchmarks.Lightning32.Forward, Benchmarks.Lightning32.Backward,
        Benchmarks.Lightning32.Step, Benchmarks.Lightning32.CreateState, Benchmarks.Lightning32.Info);

    public static Variant Lightning64 { get; } = new(
        "lightning", 64, Mathematics.Lightning, Benchmarks.Lightning64.Forward, Benchmarks.Lightning64.Backward,
        Benchmarks.Lightning64.Step, Benchmarks.Lightning64.CreateState, Benchmarks.Lightning64.Info);

    public static Variant Lightning96 { get; } = new(
        "lightning", 96, Mathematics.Lightning, Benchmarks.Lightning96.Forward, Benchmarks.Lightning96.Backward,
        Benchmarks.Lightning96.Step, Benchmarks.Lightning96.CreateState, Benchmarks.Lightning96.Info);

    public static Variant Lightning128 { get; } = new(
        "lightning", 128, Mathematics.Lightning, Benchmarks.Lightning128.Forward, Benchmarks.Lightning128.Backward,
        Benchmarks.Lightning128.Step, Benchmarks.Lightning128.CreateState, Benchmarks.Lightning128.Info);

    public static Variant Lightning192 { get; } = new(
        "lightning", 192, Mathematics.Lightning, Benchmarks.Lightning192.Forward, Benchmarks.Lightning192.Backward,
        Benchmarks.Lightning192.Step, Benchmarks.Lightning192.CreateState, Benchmarks.Lightning192.Info);

    public static Variant Lightning256 { get; } = new(
        "lightning", 256, Mathematics.Lightning, Benchmarks.Lightning256.Forward, Benchmarks.Lightning256.Backward,
        Benchmarks.Lightning256.Step, Benchmarks.Lightning256.CreateState, Benchmarks.Lightning256.Info);

    /// <summary>Lightning at every declared head dim, ascending.</summary>
    public static IReadOnlyList<Variant> Lightnings { get; } =
        [Lightning16, Lightning32, Lightning64, Lightning96, Lightning128, Lightning192, Lightning256];

    /// <summary>Floating point operations that the recurrence itself needs: 4 D E a row, 2 to update the state and 2 to read it.</summary>
    public double UsefulFlops(Tensors tensors) => 4.0 * HeadDim * HeadDim * tensors.Rows;

    /// <summary>Of a backward pass, 8 D E a row: 2 for each of dq, dk and dv, and 2 to carry the state's gradient.</summary>
    public double UsefulBackwardFlops(Tensors tensors) => 2 * UsefulFlops(tensors);

    /// <summary>A whole backward pass as a contestant, every gradient checked.</summary>
    public Contestant EnterBackward(Tensors tensors, int threads = 1)
    {
        PinnedBuffer outputGradient = tensors.NewOutput().FillUniform(seed: 4);
        PinnedBuffer dq = tensors.NewOutput(), dk = tensors.NewOutput(), dv = tensors.NewOutput();
        Run();
        return new Contestant(Run, DoubleGradients.RelativeRms(tensors, Mathematics, outputGradient, dq, dk, dv), AllowedGradientRms);

        void Run() => Backward(
            tensors.Q.Span, tensors.K.Span, tensors.V.Span, outputGradient.Span, dq.Span, dk.Span, dv.Span, tensors.Shape, new BackwardOptions<float> { MaxDegreeOfParallelism = threads });
    }

    /// <summary>A whole forward pass as a contestant, its output checked over every token and head.</summary>
    public Contestant Enter(Tensors tensors, InstructionSet? cap = null, int threads = 1)
    {
        PinnedBuffer o = tensors.NewOutput();
        Run();
        return new Contestant(Run, DoubleReference.RelativeRms(tensors, Mathematics, o.Span), AllowedRms);

        void Run() => Forward(
            tensors.Q.Span, tensors.K.Span, tensors.V.Span, o.Span, tensors.Shape, new AttentionOptions<float> { Cap = cap, MaxDegreeOfParallelism = threads });
    }
}
