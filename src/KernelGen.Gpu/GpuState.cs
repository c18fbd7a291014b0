using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu;

/// <summary>
/// States on a device, one a sequence and head: S [M, E], and where the declaration has them z [M] and the compensations of both. A GPU's state is always at a chunk's end: every
/// call folds all of its tokens. Starts at zero. Belongs to one stream at a time.
/// </summary>
public sealed class GpuState : IDisposable
{
    private readonly GpuTraits _traits;
    private readonly StateKernels _owner;
    private readonly Accelerator _accelerator;
    private MemoryBuffer1D<float, Stride1D.Dense> _current;
    private MemoryBuffer1D<float, Stride1D.Dense> _next;

    internal GpuState(Accelerator accelerator, StateKernels owner, GpuTraits traits, int sequences, int heads)
    {
        (_accelerator, _owner, _traits, Sequences, Heads) = (accelerator, owner, traits, sequences, heads);
        long length = (long)sequences * heads * traits.StateLength;
        _current = accelerator.Allocate1D<float>(length);
        _next = accelerator.Allocate1D<float>(length);
        _current.MemSetToZero();
        accelerator.DefaultStream.Synchronize();
    }

    /// <summary>Sequences N.</summary>
    public int Sequences { get; }

    /// <summary>Query heads H.</summary>
    public int Heads { get; }

    /// <summary>Where the states are.</summary>
    internal ArrayView<float> Current => _current.View;

    /// <summary>Where a call leaves the states after it: blocks that share a head read the old ones meanwhile.</summary>
    internal ArrayView<float> Next => _next.View;

    /// <summary>Fills a plain state, [N, H, M, E], and normaliser, [N, H, M], interchangeable with CPU calls.</summary>
    /// <param name="state">Device memory.</param>
    /// <param name="normalizer">Device memory; empty where the declaration has no normaliser.</param>
    /// <param name="stream">The stream to copy on; absent: the accelerator's own.</param>
    /// <exception cref="ArgumentException">A view has another length.</exception>
    public void CopyTo(ArrayView<float> state, ArrayView<float> normalizer, AcceleratorStream? stream = null)
    {
        Check(state, normalizer);
        int sum = _traits.Kernel.FeatureDim * _traits.Kernel.ValueDim;
        _owner.Copy(stream ?? _accelerator.DefaultStream, Current.SubView(_traits.SumOffset), _traits.StateLength, state, sum, sum);
        if (normalizer.Length > 0)
            _owner.Copy(stream ?? _accelerator.DefaultStream, Current.SubView(_traits.NormalizerOffset), _traits.StateLength, normalizer, _traits.Kernel.FeatureDim, _traits.Kernel.FeatureDim);
    }

    /// <summary>Takes a plain state; compensations are zero then.</summary>
    /// <inheritdoc cref="CopyTo"/>
    public void CopyFrom(ArrayView<float> state, ArrayView<float> normalizer, AcceleratorStream? stream = null)
    {
        Check(state, normalizer);
        Clear(stream);
        int sum = _traits.Kernel.FeatureDim * _traits.Kernel.ValueDim;
        _owner.Copy(stream ?? _accelerator.DefaultStream, state, sum, Current.SubView(_traits.SumOffset), _traits.StateLength, sum);
        if (normalizer.Length > 0)
            _owner.Copy(stream ?? _accelerator.DefaultStream, normalizer, _traits.Kernel.FeatureDim, Current.SubView(_traits.NormalizerOffset), _traits.StateLength, _traits.Kernel.FeatureDim);
    }

    /// <summary>Back to zero.</summary>
    /// <param name="stream">The stream to clear on; absent: the accelerator's own.</param>
    public void Clear(AcceleratorStream? stream = null) => _current.MemSetToZero(stream ?? _accelerator.DefaultStream);

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        _current.Dispose();
        _next.Dispose();
    }

    internal bool BelongsTo(StateKernels kernels) => ReferenceEquals(_owner, kernels);

    internal void Advance() => (_current, _next) = (_next, _current);

    private void Check(ArrayView<float> state, ArrayView<float> normalizer)
    {
        long pairs = (long)Sequences * Heads;
        GpuValidation.CheckLength("state", state.Length, pairs * _traits.Kernel.FeatureDim * _traits.Kernel.ValueDim, "[N, H, M, E]");
        GpuValidation.CheckLength("normalizer", normalizer.Length, _traits.NormalizerOffset < 0 ? 0 : pairs * _traits.Kernel.FeatureDim, _traits.NormalizerOffset < 0 ? "no normaliser is declared" : "[N, H, M]");
    }
}
