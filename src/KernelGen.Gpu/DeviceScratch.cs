using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu;

/// <summary>Device memory that calls use and leave nothing in. Grows to what the largest call needs.</summary>
internal sealed class DeviceScratch(Accelerator accelerator) : IDisposable
{
    private MemoryBuffer1D<float, Stride1D.Dense>? _buffer;

    /// <summary>So many elements, whatever they hold.</summary>
    public ArrayView<float> Take(long length)
    {
        if (length == 0)
            return ArrayView<float>.Empty;
        if (_buffer is null || _buffer.Length < length)
        {
            // Kernels that are still to run may have the old one.
            accelerator.Synchronize();
            _buffer?.Dispose();
            _buffer = accelerator.Allocate1D<float>(length);
        }

        return _buffer.View.SubView(0, length);
    }

    public void Dispose() => _buffer?.Dispose();
}
