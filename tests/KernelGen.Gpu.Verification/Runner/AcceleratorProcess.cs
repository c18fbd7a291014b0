using KernelGen.Gpu.Verification.OpenCl;

namespace KernelGen.Gpu.Verification.Runner;

/// <summary>
/// Runs kernels in processes of their own: a fault of a kernel on ILGPU's CPU accelerator ends the process that it is in, and which OpenCL runs is
/// settled by variables that are read when a process first asks for it.
/// </summary>
public static class AcceleratorProcess
{
    /// <summary>Name of the variable that gives the most threads a group of a called method's launches on the CPU accelerator; 256 where it is unset.</summary>
    public const string GroupSizeVariable = "KERNELGEN_RUNNER_GROUP";

    private const string Runner = "KernelGen.Gpu.Runner.dll";

    /// <summary>Launches a kernel once.</summary>
    /// <param name="accelerator">What it runs on.</param>
    /// <param name="kernel">The kernel and its arguments.</param>
    /// <param name="limit">How long the process may take, its start of about a second and the compilation of the kernel included.</param>
    /// <exception cref="InvalidOperationException">The accelerator, or the runner, is not installed.</exception>
    public static AcceleratorRun Launch(AcceleratorKind accelerator, KernelCase kernel, TimeSpan limit)
    {
        string path = Path.GetTempFileName();
        try
        {
            kernel.Save(path);
            return Start(accelerator, [path], limit);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Calls a public static method <c>int Method(Accelerator, string[])</c>, whose result is the process's exit code: 0 to 127.</summary>
    /// <param name="accelerator">What it gets.</param>
    /// <param name="assembly">Path of the method's assembly.</param>
    /// <param name="type">Full name of its type.</param>
    /// <param name="method">Its name.</param>
    /// <param name="arguments">Passed to it.</param>
    /// <param name="limit">How long the process may take.</param>
    /// <exception cref="InvalidOperationException">The accelerator, or the runner, is not installed.</exception>
    public static AcceleratorRun Call(AcceleratorKind accelerator, string assembly, string type, string method, IEnumerable<string> arguments, TimeSpan limit) =>
        Start(accelerator, ["call", assembly, type, method, .. arguments], limit);

    /// <summary>The same of a type that is loaded here.</summary>
    /// <inheritdoc cref="Call(AcceleratorKind, string, string, string, IEnumerable{string}, TimeSpan)"/>
    public static AcceleratorRun Call(AcceleratorKind accelerator, Type type, string method, IEnumerable<string> arguments, TimeSpan limit) =>
        Call(accelerator, type.Assembly.Location, type.FullName!, method, arguments, limit);

    /// <summary>Whether a device is oclgrind's, by its name.</summary>
    public static bool IsOclgrind(string device) => device.Contains("oclgrind", StringComparison.OrdinalIgnoreCase);

    private static AcceleratorRun Start(AcceleratorKind accelerator, IEnumerable<string> arguments, TimeSpan limit)
    {
        string runner = Path.Combine(AppContext.BaseDirectory, Runner);
        if (!File.Exists(runner))
            throw new InvalidOperationException($"{runner} is missing: the project that runs kernels must reference the runner's");

        Dictionary<string, string?> environment = new()
        {
            // Faults are expected here: no dumps of them, and no window on Windows.
            ["DOTNET_DbgEnableMiniDump"] = "0",
            ["DOTNET_TieredPGO"] = "0",
        };
        bool isOpenCl = accelerator is not (AcceleratorKind.Cpu or AcceleratorKind.Cuda);
        if (isOpenCl)
        {
            OpenClTools tools = OpenClTools.Find() ?? throw new InvalidOperationException(OpenClTools.Remedy);
            foreach ((string name, string value) in tools.EnvironmentOf(accelerator))
                environment[name] = value;
        }

        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string device = isOpenCl ? "opencl" : accelerator == AcceleratorKind.Cpu ? "cpu" : "cuda";
        AcceleratorRun run = AcceleratorRun.Of(ChildProcess.Run(host, [runner, device, .. arguments], environment, limit));

        // A proof by the wrong OpenCL would be none.
        if (run.Device is not null && isOpenCl && IsOclgrind(run.Device) == (accelerator == AcceleratorKind.PoCl))
            throw new InvalidOperationException($"{accelerator} was asked for, but the device is {run.Device}");
        return run;
    }
}
