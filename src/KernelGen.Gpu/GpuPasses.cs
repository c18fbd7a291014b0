using ILGPU;

namespace KernelGen.Gpu;

/// <summary>Both passes of a declaration, for tensors as callers have them.</summary>
internal abstract class GpuPasses<T> : IDisposable
    where T : unmanaged
{
    public abstract void Forward(in GpuCall call, in GpuTensors<T> tensors, ArrayView<float> before, ArrayView<float> after);

    public abstract void Backward(in GpuCall call, in GpuTensors<T> tensors, in GpuGradients<T> gradients, GpuBackwardOptions options);

    public abstract void Dispose();
}

/// <summary>Kernels take the bits of 16-bit formats: devices know neither type.</summary>
/// <typeparam name="T">Elements of the caller's tensors.</typeparam>
/// <typeparam name="TBits">The same as kernels take them.</typeparam>
internal sealed class GpuPasses<T, TBits>(GpuDevice device, GpuTraits traits, StateKernels states) : GpuPasses<T>
    where T : unmanaged
    where TBits : unmanaged
{
    private readonly GpuForwardPass<TBits> _forward = new(device, traits, states);
    private GpuBackwardPass<TBits>? _backward;

    public override void Forward(in GpuCall call, in GpuTensors<T> tensors, ArrayView<float> before, ArrayView<float> after) => _forward.Run(call, Bits(tensors), before, after);

    public override void Backward(in GpuCall call, in GpuTensors<T> tensors, in GpuGradients<T> gradients, GpuBackwardOptions options)
    {
        _backward ??= new GpuBackwardPass<TBits>(device, traits, states, _forward);
        _backward.Run(call, Bits(tensors), new GpuGradients<TBits>(Bits(gradients.DO), Bits(gradients.Dq), Bits(gradients.Dk), Bits(gradients.Dv)), options);
    }

    public override void Dispose()
    {
        _forward.Dispose();
        _backward?.Dispose();
    }

    private static GpuTensors<TBits> Bits(in GpuTensors<T> tensors) => new(Bits(tensors.Q), Bits(tensors.K), Bits(tensors.V), Bits(tensors.O));

    private static ArrayView<TBits> Bits(ArrayView<T> view) => view.Length == 0 ? ArrayView<TBits>.Empty : view.Cast<TBits>();
}
