using System.Reflection;
using System.Runtime.CompilerServices;

namespace KernelGen.Package.Tests;

/// <summary>
/// Packs the library, as it was built for these tests, into a feed of its own, under a version that no cache has ever seen.
/// </summary>
public sealed class PackageFixture : IDisposable
{
    private int _consumers;

    public PackageFixture()
    {
        Folder = Directory.CreateTempSubdirectory("kernelgen-").FullName;
        string configuration = typeof(PackageFixture).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        DotnetCommand.Run(ProjectFolder(), "pack", "-c", configuration, "--no-build", "-o", Feed, $"-p:PackageVersion={Version}", $"-p:NuspecOutputPath={Folder}/nuspec/").Succeeds();
    }

    /// <summary>Outside of the repository, so that none of its build files reach the consumers.</summary>
    public string Folder { get; }

    public string Feed => Path.Combine(Folder, "feed");

    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid().ToString("N")[..12]}";

    /// <summary>An empty folder for a consumer.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, $"consumer{Interlocked.Increment(ref _consumers)}")).FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string ProjectFolder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../src/KernelGen"));
}

/// <summary>The tests that share one package.</summary>
[CollectionDefinition(Name)]
public sealed class PackageCollection : ICollectionFixture<PackageFixture>
{
    public const string Name = "Package";
}
