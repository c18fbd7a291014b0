using System.Diagnostics;

namespace KernelGen.Package.Tests;

/// <summary>One run of a process, with all that it printed.</summary>
internal sealed record DotnetCommand(int ExitCode, string Output)
{
    public static DotnetCommand Run(string folder, params string[] arguments) =>
        Start(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", folder, arguments);

    public static DotnetCommand RunProgram(string path) => Start(path, Path.GetDirectoryName(path)!, []);

    /// <summary>The same, failing the test unless the process succeeds.</summary>
    public DotnetCommand Succeeds()
    {
        Assert.True(ExitCode == 0, $"ended with {ExitCode}:\n{Output}");
        return this;
    }

    private static DotnetCommand Start(string program, string folder, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A build started from a test must not inherit the build that started the test, nor leave servers behind that keep these pipes open.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new DotnetCommand(process.ExitCode, output + errors.Result);
    }
}
