using KernelGen.Benchmarks.Measuring;
using KernelGen.Benchmarks.Peers;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>
/// Forward passes against TorchSharp on the same q, k and v: the bare op in chunks, and the softmax attention that linear attention replaces.
/// Ours has map and normaliser fused.
/// </summary>
internal static class TorchSharpComparison
{
    public const string Ours = "KernelGen", Chunked = "TorchSharp", Softmax = "TorchSharp's softmax";

    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(8);

    public static Contest Run(Variant variant, int heads, int length, int threads = 1)
    {
        TorchSharpPeers.Require();
        Tensors tensors = new(new AttentionShape(Batch: 1, length, heads), variant.HeadDim);
        return new Contest()
            .Enter(Ours, () => variant.Enter(tensors, threads: threads))
            .Enter(Chunked, () => TorchSharpPeers.Chunked(tensors, threads))
            .Enter(Softmax, () => TorchSharpPeers.Softmax(tensors, threads))
            .Run(_budget, threads);
    }

    /// <summary>TorchSharp's backward pass of the bare op, by itself.</summary>
    public static Contest RunBackward(int headDim, int heads, int length, int threads = 1)
    {
        TorchSharpPeers.Require();
        Tensors tensors = new(new AttentionShape(Batch: 1, length, heads), headDim);
        return new Contest()
            .Enter(Chunked, () => TorchSharpPeers.ChunkedBackward(tensors, threads))
            .Run(_budget, threads);
    }
}
