using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace KernelGen.Gpu;

/// <summary>
/// The device that kernels run on. <see cref="Open"/> picks one by rule: the CUDA device with the most memory, or else the OpenCL GPU with the most. Never a CPU: that has to be
/// asked for, <see cref="On"/>.
/// </summary>
public sealed class GpuDevice : IDisposable
{
    private readonly Context? _context;

    private GpuDevice(Accelerator accelerator, Context? context) => (Accelerator, _context) = (accelerator, context);

    /// <summary>ILGPU's accelerator: buffers are allocated and streams made with it.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>The device's own name.</summary>
    public string Name => Accelerator.Name;

    /// <summary>Opens the device of this machine that the rule picks.</summary>
    /// <exception cref="InvalidOperationException">There is no GPU; the message says which devices there are.</exception>
    public static GpuDevice Open()
    {
        Context context = Context.Create(builder => builder.Cuda().OpenCL().Optimize(OptimizationLevel.O2));
        Device? device = context.Devices.OfType<CudaDevice>().MaxBy(d => d.MemorySize)
            ?? (Device?)context.Devices.OfType<CLDevice>().Where(d => d.DeviceType == CLDeviceType.CL_DEVICE_TYPE_GPU).MaxBy(d => d.MemorySize);
        if (device is null)
        {
            string found = string.Join(", ", context.Devices.Select(d => $"{d.Name} ({d.AcceleratorType})"));
            context.Dispose();
            throw new InvalidOperationException($"No CUDA or OpenCL GPU was found{(found.Length == 0 ? "" : ", only: " + found)}. GpuDevice.On takes any accelerator of ILGPU, its CPU accelerator too.");
        }

        return new GpuDevice(device.CreateAccelerator(context), context);
    }

    /// <summary>A device that the caller has opened, and closes: any accelerator of ILGPU.</summary>
    /// <param name="accelerator">Outlives the result.</param>
    public static GpuDevice On(Accelerator accelerator)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        return new GpuDevice(accelerator, null);
    }

    /// <summary>Closes the device, where this opened it.</summary>
    public void Dispose()
    {
        if (_context is null)
            return;
        Accelerator.Dispose();
        _context.Dispose();
    }
}
