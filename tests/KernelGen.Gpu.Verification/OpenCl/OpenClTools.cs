using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Verification.OpenCl;

/// <summary>OpenCL without a GPU, where Debian's packages have put it. <c>eng/install-opencl.sh</c> installs them.</summary>
public sealed class OpenClTools
{
    /// <summary>What to do where <see cref="Find"/> finds nothing.</summary>
    public const string Remedy = "PoCL, oclgrind and libOpenCL.so are needed: eng/install-opencl.sh installs them";

    private const string PoClVendor = "/etc/OpenCL/vendors/pocl.icd";
    private const string OclgrindLibrary = "/usr/lib/oclgrind/liboclgrind-rt-icd.so";

    // Of the name that ILGPU loads. With libOpenCL.so.1 alone it silently finds no device.
    private const string Loader = "/usr/lib/x86_64-linux-gnu/libOpenCL.so";

    // ILGPU writes OpenCL 2's barrier, which oclgrind lacks, and asks it to fence global memory alone (the flags' value 2) where its own barrier fences
    // shared memory too. 3 is both.
    private const string Barrier = "-Dwork_group_barrier(x)=barrier(3)";

    private readonly string _oclgrindVendor;

    private OpenClTools(string oclgrindVendor) => _oclgrindVendor = oclgrindVendor;

    /// <summary>The tools; null where one of them is missing.</summary>
    public static OpenClTools? Find() =>
        File.Exists(PoClVendor) && File.Exists(OclgrindLibrary) && File.Exists(Loader) ? new OpenClTools(WriteVendor()) : null;

    /// <summary>
    /// Variables of a process whose OpenCL is this one, whatever else the machine has; of one under oclgrind, that it looks for all that
    /// <see cref="OclgrindReport"/> reads.
    /// </summary>
    /// <exception cref="ArgumentException">It is not of OpenCL.</exception>
    public IReadOnlyDictionary<string, string> EnvironmentOf(AcceleratorKind accelerator) => accelerator switch
    {
        // Without its optimiser, which gets kernels wrong that carry much through loops with barriers (PoCL 3.1; the same text is right and free of races
        // under oclgrind, on the CPU accelerator and as PTX).
        AcceleratorKind.PoCl => new Dictionary<string, string> { ["OCL_ICD_VENDORS"] = PoClVendor, ["POCL_EXTRA_BUILD_FLAGS"] = "-cl-opt-disable" },
        AcceleratorKind.Oclgrind => Oclgrind(Barrier + " -cl-opt-disable"),
        AcceleratorKind.OclgrindOptimized => Oclgrind(Barrier),
        _ => throw new ArgumentException($"{accelerator} is not of OpenCL", nameof(accelerator)),
    };

    private Dictionary<string, string> Oclgrind(string buildOptions) => new()
    {
        ["OCL_ICD_VENDORS"] = _oclgrindVendor,
        ["OCLGRIND_DATA_RACES"] = "1",
        ["OCLGRIND_UNINITIALIZED"] = "1",

        // Enough for any kernel that CUDA launches: static shared memory of more than 48 KiB is refused there, not here.
        ["OCLGRIND_LOCAL_MEM_SIZE"] = "65536",
        ["OCLGRIND_BUILD_OPTIONS"] = buildOptions,
    };

    // Debian registers no vendor for oclgrind. The loader wants a file that names the library.
    private static string WriteVendor()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "oclgrind.icd");
        if (!File.Exists(path))
        {
            string draft = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
            File.WriteAllText(draft, OclgrindLibrary + "\n");
            File.Move(draft, path, overwrite: true);
        }

        return path;
    }
}
