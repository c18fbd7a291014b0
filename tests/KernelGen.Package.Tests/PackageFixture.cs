using System.Reflection;
using System.Runtime.CompilerServices;

namespace KernelGen.Package.Tests;

/// <summary>
/// Packs the libraries, as they were built for these tests, into a feed of its own, under a version that no cache has ever seen.
/// </summary>
public sealed class PackageFixture : IDisposable
{
    private int _consumers;

    public PackageFixture()
    {
        Folder = Directory.CreateTempSubdirectory("kernelgen-").FullName;
        string configuration = typeof(PackageFixture).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        foreach (string library in new[] { "KernelGen", "KernelGen.Gpu" })
            DotnetCommand.Run(ProjectFolder(library), "pack", "-c", configuration, "--no-build", "-o", Feed, $"-p:PackageVersion={Version}", $"-p:NuspecOutputPath={Folder}/nuspec/{library}/").Succeeds();
    }

    /// <summary>Outside of the repository, so that none of its build files reach the consumers.</summary>
    public string Folder { get; }

    public string Feed => Path.Combine(Folder, "feed");

    /// <summary>Later than the libraries' own, which the one names where it depends on the other.</summary>
    public string Version { get; } = $"0.1.1-test.{Guid.NewGuid().ToString("N")[..12]}";

    /// <summary>An empty folder for a consumer.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, $"consumer{Interlocked.Increment(ref _consumers)}")).FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string ProjectFolder(string library, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../src", library));
}

/// <summary>The tests that share one package.</summary>
[CollectionDefinition(Name)]
public sealed class PackageCollection : ICollectionFixture<PackageFixture>
{
    public const string Name = "Package";
}
