using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu;

/// <summary>What is optional in a backward call: as in the forward call whose gradients these are, and what flows in and out of states.</summary>
public sealed record GpuBackwardOptions
{
    /// <summary>The stream to launch on; absent: the accelerator's own.</summary>
    public AcceleratorStream? Stream { get; init; }

    /// <summary>Packed sequences, [N + 1], in host memory: as <see cref="BackwardOptions{T}.CuSeqlens"/>.</summary>
    public ReadOnlyMemory<int> CuSeqlens { get; init; }

    /// <summary>Packed keys, [N + 1], in host memory: as <see cref="BackwardOptions{T}.KeyCuSeqlens"/>.</summary>
    public ReadOnlyMemory<int> KeyCuSeqlens { get; init; }

    /// <summary>Key padding, [B, S]: gradients of tokens whose byte is 0 are zero.</summary>
    public ArrayView<byte> KeyMask { get; init; }

    /// <summary>Decay of each head, [H], in host memory: as <see cref="BackwardOptions{T}.Slopes"/>.</summary>
    public ReadOnlyMemory<float> Slopes { get; init; }

    /// <summary>The state before the first token, read; absent: zero. A forward call leaves another in the state it is given, so keep this one apart.</summary>
    public GpuState? InitialState { get; init; }

    /// <summary>The gradient of the state after the last token, read; absent: zero.</summary>
    public GpuState? FinalStateGradient { get; init; }

    /// <summary>Becomes the gradient of the state before the first token; absent: not wanted. A state of its own: neither of the two that are read.</summary>
    public GpuState? InitialStateGradient { get; init; }

    /// <summary>Becomes the gradients of the slopes, [H], summed over sequences; empty: not wanted. Where <c>Decay.PerHead</c> is declared.</summary>
    public ArrayView<float> SlopeGradients { get; init; }
}
