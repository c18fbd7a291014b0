using KernelGen.Benchmarks.Measuring;
using KernelGen.Benchmarks.Peers;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>
/// The Linear Transformer's forward pass, map and normaliser fused, against ONNX Runtime's bare op on the same q, k and v, and against the op
/// with the map and the normaliser as passes around it. One thread each.
/// </summary>
internal static class ForwardComparison
{
    public const string Ours = "KernelGen", Bare = "ONNX Runtime", WithPasses = "ONNX Runtime with passes";

    private const int Threads = 1;

    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(8);

    public static Contest Run(Variant variant, int heads, int length, Placement placement)
    {
        Tensors tensors = new(new AttentionShape(Batch: 1, length, heads), variant.HeadDim, placement);
        return new Contest()
            .Enter(Ours, () => variant.Enter(tensors))
            .Enter(Bare, () => EnterBare(tensors))
            .Enter(WithPasses, () => EnterWithPasses(tensors))
            .Run(_budget);
    }

    private static Contestant EnterBare(Tensors tensors)
    {
        PinnedBuffer o = tensors.NewOutput();
        OnnxRuntimeLinearAttention op = new(tensors.Shape, tensors.HeadDim, (tensors.Q, tensors.K, tensors.V, o), continues: false, Threads, tensors.Placement);
        op.Run();
        return new Contestant(op.Run, DoubleReference.RelativeRms(tensors, Mathematics.Bare, o.Span), Variant.AllowedPeerRms, op);
    }

    private static Contestant EnterWithPasses(Tensors tensors)
    {
        PinnedBuffer o = tensors.NewOutput();
        MapAndNormalizerPasses passes = new(tensors, o);
        OnnxRuntimeLinearAttention op = new(
            tensors.Shape, tensors.HeadDim, (passes.MappedQ, passes.MappedK, tensors.V, o), continues: false, Threads, tensors.Placement);
        Run();
        return new Contestant(Run, DoubleReference.RelativeRms(tensors, Mathematics.LinearTransformer, o.Span), Variant.AllowedPeerRms, op);

        void Run()
        {
            passes.Map();
            op.Run();
            passes.Normalize();
        }
    }
}
