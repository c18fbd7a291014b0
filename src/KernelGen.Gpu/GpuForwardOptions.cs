using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu;

/// <summary>What is optional in a forward call. Views are of device memory; [N, H, ...] has a row a sequence, N = B where sequences are not packed.</summary>
public sealed record GpuForwardOptions
{
    /// <summary>The stream to launch on; absent: the accelerator's own.</summary>
    public AcceleratorStream? Stream { get; init; }

    /// <summary>Packed sequences, [N + 1], in host memory: as <see cref="AttentionOptions{T}.CuSeqlens"/>.</summary>
    public ReadOnlyMemory<int> CuSeqlens { get; init; }

    /// <summary>Packed keys, [N + 1], in host memory: as <see cref="AttentionOptions{T}.KeyCuSeqlens"/>.</summary>
    public ReadOnlyMemory<int> KeyCuSeqlens { get; init; }

    /// <summary>Key padding, [B, S]: a token whose byte is 0 adds nothing to the state nor to the normaliser.</summary>
    public ArrayView<byte> KeyMask { get; init; }

    /// <summary>Decay of each head, [H], in host memory: as <see cref="AttentionOptions{T}.Slopes"/>.</summary>
    public ReadOnlyMemory<float> Slopes { get; init; }

    /// <summary>The state before the first token, which becomes the state after the last; absent: zero, and not kept.</summary>
    public GpuState? State { get; init; }
}
