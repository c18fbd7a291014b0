using System.Diagnostics;

namespace KernelGen.Tests.Jit;

/// <summary>The JIT's own listing of the kernels in <c>KernelGen.Kernels</c>, compiled in a process of their own.</summary>
internal static class JitListing
{
    /// <param name="classes">Ends of the names of the classes to compile.</param>
    /// <param name="avx512">Whether the JIT may use AVX-512. Without it, 256-bit code gets the 16 registers that it has on an AVX2 machine; with it, 32.</param>
    public static IReadOnlyList<JitMethod> Of(string[] classes, bool avx512)
    {
        // The JIT appends to its file: each run needs one of its own.
        string listing = Path.Combine(Path.GetTempPath(), $"listing-{Guid.NewGuid():N}.asm");
        try
        {
            Run(classes, avx512, listing);
            return JitMethod.ParseAll(File.ReadAllLines(listing));
        }
        finally
        {
            File.Delete(listing);
        }
    }

    private static void Run(string[] classes, bool avx512, string listing)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "KernelGen.Kernels.dll") },
            RedirectStandardError = true,
        };
        foreach (string name in classes)
            start.ArgumentList.Add(name);

        // Knobs of the level that this very process may be run at must not reach the child.
        foreach (string knob in new[] { "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic" })
            start.Environment.Remove(knob);
        start.Environment["DOTNET_EnableAVX512"] = avx512 ? "1" : "0";
        start.Environment["DOTNET_TieredCompilation"] = "0";
        start.Environment["DOTNET_JitStdOutFile"] = listing;
        start.Environment["DOTNET_JitDisasm"] = "*:Gemm* *:Spilling*";

        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"the kernels' process ended with {process.ExitCode}: {errors}");
    }
}
