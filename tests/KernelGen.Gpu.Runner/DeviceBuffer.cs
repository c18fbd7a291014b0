using System.Globalization;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Runner;

/// <summary>A buffer argument in the accelerator's memory.</summary>
internal abstract class DeviceBuffer : IDisposable
{
    /// <summary>Makes and fills one.</summary>
    /// <param name="accelerator">Where it lies.</param>
    /// <param name="argument">What it is.</param>
    /// <param name="leaveAlone">Whether the host leaves one without contents unwritten; otherwise it gets bytes of 0xFF.</param>
    public static DeviceBuffer Create(Accelerator accelerator, BufferArgument argument, bool leaveAlone) => argument.Element switch
    {
        ElementType.Float => new Of<float>(accelerator, argument, leaveAlone),
        ElementType.Double => new Of<double>(accelerator, argument, leaveAlone),
        ElementType.Int => new Of<int>(accelerator, argument, leaveAlone),
        ElementType.Long => new Of<long>(accelerator, argument, leaveAlone),
        ElementType.UShort => new Of<ushort>(accelerator, argument, leaveAlone),
        _ => throw new ArgumentException($"no buffers of {argument.Element}"),
    };

    /// <summary>Its view as a kernel's parameter; null where the parameter is no view of such elements.</summary>
    public abstract object? ViewAs(Type parameter);

    /// <summary>Writes its file, where it has one.</summary>
    public abstract void Save(AcceleratorStream stream);

    public abstract void Dispose();

    private sealed class Of<T> : DeviceBuffer
        where T : unmanaged
    {
        private readonly BufferArgument _argument;
        private readonly MemoryBuffer1D<T, Stride1D.Dense> _buffer;

        public Of(Accelerator accelerator, BufferArgument argument, bool leaveAlone)
        {
            _argument = argument;
            T[]? contents = Contents(argument);
            if (contents is not null && contents.Length != argument.Length)
                throw new ArgumentException($"{contents.Length} elements are given of a buffer of {argument.Length}");

            _buffer = accelerator.Allocate1D<T>(argument.Length);
            if (contents is not null)
                _buffer.CopyFromCPU(contents);
            else if (!leaveAlone)
                _buffer.MemSet(accelerator.DefaultStream, 0xFF);
        }

        public override object? ViewAs(Type parameter) =>
            parameter == typeof(ArrayView<T>) ? _buffer.View.BaseView
            : parameter == typeof(ArrayView1D<T, Stride1D.Dense>) ? _buffer.View
            : null;

        public override void Save(AcceleratorStream stream)
        {
            if (_argument.Output is not null)
                File.WriteAllBytes(_argument.Output, MemoryMarshal.AsBytes<T>(_buffer.GetAsArray1D(stream)));
        }

        public override void Dispose() => _buffer.Dispose();

        private static T[]? Contents(BufferArgument argument) =>
            argument.Input is not null ? MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(argument.Input)).ToArray()
            : argument.Values is not null ? [.. argument.Values.Select(value => (T)Convert.ChangeType(value, typeof(T), CultureInfo.InvariantCulture))]
            : null;
    }
}
