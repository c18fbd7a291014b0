using KernelGen.Benchmarks.Measuring;
using KernelGen.Benchmarks.Peers;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>Exact causal softmax attention by whoever can on this machine, under the name of who did.</summary>
/// <param name="Name">In file keys.</param>
/// <param name="Title">For a reader.</param>
internal sealed record SoftmaxBaseline(string Name, string Title, Func<Tensors, Contestant> Enter)
{
    /// <summary>PyTorch's kernel where it is built in and loads; otherwise our own. The other mathematics deserves the best that can be had.</summary>
    public static SoftmaxBaseline Best()
    {
        try
        {
            TorchSharpPeers.Require();
            return new SoftmaxBaseline("softmax_torchsharp_sdpa", "exact softmax (TorchSharp, fused)", tensors => TorchSharpPeers.Softmax(tensors, threads: 1));
        }
        catch (RowUnavailableException)
        {
            return new SoftmaxBaseline("softmax_own_baseline", "exact softmax (own blocked, vectorised baseline)", EnterOwn);
        }
    }

    private static Contestant EnterOwn(Tensors tensors)
    {
        PinnedBuffer o = tensors.NewOutput();
        SoftmaxAttention softmax = new(tensors, o);
        softmax.Run();
        return new Contestant(softmax.Run, SoftmaxReference.RelativeRms(tensors, o.Span), Variant.AllowedPeerRms);
    }
}
