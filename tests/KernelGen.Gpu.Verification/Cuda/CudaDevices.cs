using ILGPU;
using ILGPU.Runtime.Cuda;

namespace KernelGen.Gpu.Verification.Cuda;

/// <summary>The CUDA devices of this machine.</summary>
public static class CudaDevices
{
    private static readonly Lazy<string?> _first = new(First);

    /// <summary>Name of the first; null where there is none, or no driver.</summary>
    public static string? Name => _first.Value;

    private static string? First()
    {
        using Context context = Context.Create(builder => builder.Cuda());
        return context.Devices.OfType<CudaDevice>().FirstOrDefault()?.Name;
    }
}
