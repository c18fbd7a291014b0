using KernelGen.Benchmarks.Measuring;
using KernelGen.Benchmarks.Peers;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>
/// The Linear Transformer's forward pass, map and normaliser fused, against ONNX Runtime's bare op on the same q, k and v, and against the op
/// with the map and the normaliser as passes around it. Every kernel has the same number of threads.
/// </summary>
internal static class ForwardComparison
{
    public const string Ours = "KernelGen", Bare = "ONNX Runtime", WithPasses = "ONNX Runtime with passes";

    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(8);

    public static Contest Run(Variant variant, int heads, int length, Placement placement, int threads = 1)
    {
        Tensors tensors = new(new AttentionShape(Batch: 1, length, heads), variant.HeadDim, placement);
        return new Contest()
            .Enter(Ours, () => variant.Enter(tensors, threads: threads))
            .Enter(Bare, () => EnterBare(tensors, threads))
            .Enter(WithPasses, () => EnterWithPasses(tensors, threads))
            .Run(_budget, threads);
    }

    /// <summary>ONNX Runtime's op, without map and normaliser.</summary>
    public static Contestant EnterBare(Tensors tensors, int threads)
    {
        PinnedBuffer o = tensors.NewOutput();
        OnnxRuntimeLinearAttention op = new(tensors.Shape, tensors.HeadDim, (tensors.Q, tensors.K, tensors.V, o), continues: false, threads, tensors.Placement);
        op.Run();
        return new Contestant(op.Run, DoubleReference.RelativeRms(tensors, Mathematics.Bare, o.Span), Variant.AllowedPeerRms, op);
    }

    private static Contestant EnterWithPasses(Tensors tensors, int threads)
    {
        PinnedBuffer o = tensors.NewOutput();

        // The passes stay on the calling thread: what a user writes without further effort.
        MapAndNormalizerPasses passes = new(tensors, o);
        OnnxRuntimeLinearAttention op = new(
            tensors.Shape, tensors.HeadDim, (passes.MappedQ, passes.MappedK, tensors.V, o), continues: false, threads, tensors.Placement);
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
