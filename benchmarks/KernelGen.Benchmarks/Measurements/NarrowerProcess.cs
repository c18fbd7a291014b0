using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>
/// Measures on the AVX2 of a machine that has no AVX-512. Capping the instruction set is not enough: as long as the JIT knows AVX-512 it gives
/// 256-bit code thirty-two registers and embedded broadcasts. So the figure is taken, peak included, in a child process without it.
/// </summary>
internal static class NarrowerProcess
{
    private const string Switch = "DOTNET_EnableAVX512";

    /// <summary>The reading of row <paramref name="name"/> where AVX-512 is off: here if it is, otherwise in a child process.</summary>
    public static Reading WithoutAvx512(string name, Func<Reading> measure)
    {
        if (!Avx512F.IsSupported)
            return measure();
        return FiguresWithoutAvx512("ratios", "--filter", name).TryGetValue(name, out double figure)
            ? new Reading(figure)
            : throw new RowUnavailableException("the process without AVX-512 has no figure for it");
    }

    /// <summary>The figures that this program, given <paramref name="arguments"/>, writes in a process where AVX-512 is off.</summary>
    public static IReadOnlyDictionary<string, double> FiguresWithoutAvx512(params string[] arguments)
    {
        if (Environment.GetEnvironmentVariable(Switch) == "0")
            throw new RowRefusedException($"{Switch}=0 left AVX-512 on in this runtime");

        string file = Path.GetTempFileName();
        try
        {
            RunChild([.. arguments, "--json", file]);
            using FileStream figures = File.OpenRead(file);
            return JsonSerializer.Deserialize<Dictionary<string, double>>(figures) ?? [];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void RunChild(string[] arguments)
    {
        string program = Environment.ProcessPath ?? throw new RowUnavailableException("the path of this program is unknown");
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Started as `dotnet KernelGen.Benchmarks.dll`, the program is the host, and this assembly its first argument.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(NarrowerProcess).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[Switch] = "0";

        using Process child = Process.Start(start) ?? throw new RowUnavailableException("no process without AVX-512 could be started");
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        if (child.ExitCode != 0)
            throw new RowRefusedException($"the process without AVX-512 failed: {(output + errors.Result).ReplaceLineEndings(" ").Trim()}");
    }
}
