using System.Reflection;

namespace KernelGen.Tests.Golden;

/// <summary>Runs the folder of golden cases once for all tests, and writes the report where the environment asks for one.</summary>
public sealed class GoldenFolder
{
    private const string FolderVariable = "KERNELGEN_GOLDEN";
    private const string ReportVariable = "KERNELGEN_GOLDEN_REPORT";

    public GoldenFolder()
    {
        Report = GoldenHarness.Run(Location);
        if (Environment.GetEnvironmentVariable(ReportVariable) is { Length: > 0 } path)
            Report.Write(path);
    }

    /// <summary>The repository's own, unless the environment names another.</summary>
    public static string Location { get; } = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
        ? folder
        : typeof(GoldenFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "GoldenFolder").Value!;

    internal GoldenReport Report { get; }
}
