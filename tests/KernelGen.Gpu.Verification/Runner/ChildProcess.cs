using System.Diagnostics;

namespace KernelGen.Gpu.Verification.Runner;

/// <summary>One run of a program, with all that it wrote.</summary>
/// <param name="ExitCode">Its exit code; on Unix 128 more than the signal's number where a signal ended it. Of no meaning where it was out of time.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
/// <param name="Elapsed">From its start to its end.</param>
/// <param name="HasTimedOut">Whether it ran past its limit, and was killed with its children.</param>
public sealed record ChildProcess(int ExitCode, string Output, string Errors, TimeSpan Elapsed, bool HasTimedOut)
{
    /// <summary>Runs a program to its end or its limit.</summary>
    /// <param name="program">Path or name of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set; null removes one that this process has.</param>
    /// <param name="limit">How long it may take.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static ChildProcess Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment, TimeSpan limit)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(limit);
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        TimeSpan elapsed = watch.Elapsed;
        return new ChildProcess(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult(), elapsed, !ended);
    }
}
