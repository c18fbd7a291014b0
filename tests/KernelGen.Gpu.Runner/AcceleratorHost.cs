using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Runner;

/// <summary>An accelerator with the context that it lives in.</summary>
internal sealed class AcceleratorHost : IDisposable
{
    private const int WarpSize = 32;

    private readonly Context _context;

    private AcceleratorHost(Context context)
    {
        _context = context;
        Device device = context.Devices.FirstOrDefault() ?? throw new InvalidOperationException("no device was found");
        Accelerator = device.CreateAccelerator(context);
        Console.WriteLine(AcceleratorRun.DevicePrefix + Accelerator.Name);
    }

    public Accelerator Accelerator { get; }

    /// <param name="device"><c>cpu</c>, <c>cuda</c>, or <c>opencl</c>: the first device of the OpenCL that the loader's variables choose.</param>
    /// <param name="groupSize">Threads a group at most, on <c>cpu</c>: it starts that many of the system, in whole warps.</param>
    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    public static AcceleratorHost Create(string device, int groupSize) => new(Context.Create(builder =>
    {
        builder.Optimize(OptimizationLevel.O2);
        if (device == "cpu")
            builder.CPU(new CPUDevice(WarpSize, Math.Max(1, (groupSize + WarpSize - 1) / WarpSize), 1));
        else if (device == "cuda")
            builder.Cuda();
        else
            builder.OpenCL(Admit);
    }));

    public void Dispose()
    {
        Accelerator.Dispose();
        _context.Dispose();
    }

    // ILGPU refuses devices without generic address spaces, though it uses them for few kernels: atomics by reference and dynamic shared memory. PoCL 3
    // and oclgrind lack them and run the rest. The property's setter is not public; nothing but these tests relies on it.
    private static bool Admit(CLDevice device)
    {
        PropertyInfo property = typeof(CLCapabilityContext).GetProperty(nameof(CLCapabilityContext.GenericAddressSpace))!;
        property.SetValue(device.Capabilities, true);
        return true;
    }
}
