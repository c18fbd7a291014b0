using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu;

/// <summary>A short list of numbers that calls need on the device: copied there when it is another than the last call's.</summary>
internal sealed class DeviceList<T>(Accelerator accelerator) : IDisposable
    where T : unmanaged, IEquatable<T>
{
    private MemoryBuffer1D<T, Stride1D.Dense>? _buffer;
    private T[] _values = [];

    public ArrayView<T> Fill(AcceleratorStream stream, ReadOnlySpan<T> values)
    {
        if (_buffer is null || !values.SequenceEqual(_values))
        {
            // Kernels that are still to run may read the old one.
            accelerator.Synchronize();
            if (_buffer is null || _buffer.Length != values.Length)
            {
                _buffer?.Dispose();
                _buffer = accelerator.Allocate1D<T>(Math.Max(1, values.Length));
            }

            _values = values.ToArray();
            if (_values.Length > 0)
            {
                _buffer.View.CopyFromCPU(stream, _values);
                stream.Synchronize();
            }
        }

        return _buffer.View;
    }

    public void Dispose() => _buffer?.Dispose();
}
