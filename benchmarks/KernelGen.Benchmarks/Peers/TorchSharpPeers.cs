using KernelGen.Benchmarks.Measuring;
#if TORCHSHARP
using KernelGen.Benchmarks.Peers.Torch;
#endif

namespace KernelGen.Benchmarks.Peers;

/// <summary>
/// The one door to TorchSharp: the rest of the project compiles without it, and its contestants say so when they are asked for.
/// Every method throws <see cref="RowUnavailableException"/> where TorchSharp is not built in or its native library does not load.
/// </summary>
internal static class TorchSharpPeers
{
    /// <summary>For rows to name what TorchSharp allocates with: its many large temporaries make that a part of its time.</summary>
    public static string Allocator => NativeAllocator.Description;

#if TORCHSHARP
    /// <summary>Throws where no contestant can enter.</summary>
    public static void Require() => TorchRuntime.Load();

    /// <summary>Causal linear attention, bare, as chunks of eager operations.</summary>
    public static Contestant Chunked(Tensors tensors, int threads) => TorchContestants.Chunked(tensors, threads);

    /// <summary>Causal softmax attention by PyTorch's fused kernel.</summary>
    public static Contestant Softmax(Tensors tensors, int threads) => TorchContestants.Softmax(tensors, threads);

    /// <summary>The gradients of <see cref="Chunked"/> by q, k and v, by autograd; what its forward pass keeps is made outside the clock.</summary>
    public static Contestant ChunkedBackward(Tensors tensors, int threads) => TorchContestants.ChunkedBackward(tensors, threads);
#else
    public static void Require() => throw Absent();

    public static Contestant Chunked(Tensors tensors, int threads) => throw Absent();

    public static Contestant Softmax(Tensors tensors, int threads) => throw Absent();

    public static Contestant ChunkedBackward(Tensors tensors, int threads) => throw Absent();

    private static RowUnavailableException Absent() => new("TorchSharp: build with -p:Peers=true");
#endif
}
