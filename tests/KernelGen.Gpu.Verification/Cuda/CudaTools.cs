namespace KernelGen.Gpu.Verification.Cuda;

/// <summary>NVIDIA's assembler and disassembler, which need neither a GPU nor a driver. <c>eng/fetch-cuda-tools.sh</c> fetches them.</summary>
/// <param name="Ptxas">Path of ptxas.</param>
/// <param name="Cuobjdump">Path of cuobjdump.</param>
/// <param name="Nvdisasm">Path of nvdisasm.</param>
/// <param name="Libdevice">Path of libdevice's bit code; null where the folder has none.</param>
/// <param name="Nvvm">Path of the libnvvm library; null where the folder has none.</param>
public sealed record CudaTools(string Ptxas, string Cuobjdump, string Nvdisasm, string? Libdevice, string? Nvvm)
{
    /// <summary>Name of the environment variable that names the folder.</summary>
    public const string FolderVariable = "KERNELGEN_CUDA_TOOLS";

    /// <summary>What to do where <see cref="Find"/> finds nothing.</summary>
    public const string Remedy = FolderVariable + " must name a folder with ptxas: eng/fetch-cuda-tools.sh makes one";

    /// <summary>The tools in the folder that <see cref="FolderVariable"/> names; null where it is unset or the folder lacks one of them.</summary>
    public static CudaTools? Find()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        return string.IsNullOrEmpty(folder) ? null : In(folder);
    }

    /// <summary>The tools in a folder: in it directly, in its <c>bin</c> (as CUDA installs them) or in its <c>usr/bin</c> (as Debian does); null where one is missing.</summary>
    public static CudaTools? In(string folder)
    {
        string suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        foreach (string bin in new[] { folder, Path.Combine(folder, "bin"), Path.Combine(folder, "usr", "bin") })
        {
            string ptxas = Path.Combine(bin, "ptxas" + suffix);
            string cuobjdump = Path.Combine(bin, "cuobjdump" + suffix);
            string nvdisasm = Path.Combine(bin, "nvdisasm" + suffix);
            if (File.Exists(ptxas) && File.Exists(cuobjdump) && File.Exists(nvdisasm))
                return new CudaTools(ptxas, cuobjdump, nvdisasm, Libdevices(folder).FirstOrDefault(File.Exists), Nvvms(folder).FirstOrDefault(File.Exists));
        }

        return null;
    }

    private static string[] Libdevices(string folder) =>
    [
        Path.Combine(folder, "nvvm", "libdevice", "libdevice.10.bc"),
        Path.Combine(folder, "usr", "lib", "nvidia-cuda-toolkit", "libdevice", "libdevice.10.bc"),
    ];

    private static string[] Nvvms(string folder) =>
    [
        Path.Combine(folder, "nvvm", "lib64", "libnvvm.so.4"),
        Path.Combine(folder, "usr", "lib", "x86_64-linux-gnu", "libnvvm.so.4"),
    ];
}
