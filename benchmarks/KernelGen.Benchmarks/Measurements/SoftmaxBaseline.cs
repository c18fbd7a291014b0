using KernelGen.Benchmarks.Measuring;
using KernelGen.Benchmarks.Peers;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>Exact causal softmax attention by whoever can on this machine, under the name of who did.</summary>
/// <param name="Name">In file keys.</param>
/// <param name="Title">For a reader.</param>
internal sealed record SoftmaxBaseline(string Name, string Title, Func<Tensors, Contestant> Enter)
{
    /// <summary>
    /// PyTorch's kernel, which readers know, where it is built in and loads; otherwise our own, which took half to two thirds of its time where this
    /// was written: the plot without peers is not the kinder to linear attention.
    /// </summary>
    public static SoftmaxBaseline Choose()
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
