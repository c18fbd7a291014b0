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

    private OpenClTools(string oclgrindVendor)
    {
        PoClEnvironment = new Dictionary<string, string> { ["OCL_ICD_VENDORS"] = PoClVendor };
        OclgrindEnvironment = new Dictionary<string, string>
        {
            ["OCL_ICD_VENDORS"] = oclgrindVendor,
            ["OCLGRIND_DATA_RACES"] = "1",
            ["OCLGRIND_UNINITIALIZED"] = "1",

            // Enough for any kernel that CUDA launches: static shared memory of more than 48 KiB is refused there, not here.
            ["OCLGRIND_LOCAL_MEM_SIZE"] = "65536",

            // ILGPU writes OpenCL 2's barrier, which oclgrind lacks, and asks it to fence global memory alone (the flags' value 2) where its own
            // barrier fences shared memory too. 3 is both. An optimised kernel has instructions that the check for uninitialised values gives up at
            // (freeze, of a quotient with its remainder), and no lines of its source in the messages.
            ["OCLGRIND_BUILD_OPTIONS"] = "-Dwork_group_barrier(x)=barrier(3) -cl-opt-disable",
        };
    }

    /// <summary>Variables of a process whose OpenCL is PoCL, whatever else the machine has.</summary>
    public IReadOnlyDictionary<string, string> PoClEnvironment { get; }

    /// <summary>Variables of a process whose OpenCL is oclgrind, looking for all that <see cref="OclgrindReport"/> reads.</summary>
    public IReadOnlyDictionary<string, string> OclgrindEnvironment { get; }

    /// <summary>The tools; null where one of them is missing.</summary>
    public static OpenClTools? Find() =>
        File.Exists(PoClVendor) && File.Exists(OclgrindLibrary) && File.Exists(Loader) ? new OpenClTools(WriteVendor()) : null;

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
