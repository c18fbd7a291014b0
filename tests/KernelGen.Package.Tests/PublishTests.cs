using System.Runtime.InteropServices;

namespace KernelGen.Package.Tests;

/// <summary>Published forms of the consumer. They download compilers and take minutes, so they run where asked for: in continuous integration.</summary>
[Collection(PackageCollection.Name)]
[Trait("Category", "Publish")]
public class PublishTests(PackageFixture package)
{
    private const string Switch = "KERNELGEN_PUBLISH_TESTS";

    [SkippableFact]
    public void Publish_Trimmed_HasNoWarningsAndComputesTheSame()
    {
        SkipUnlessAskedFor();

        Publish("--self-contained", "-p:PublishTrimmed=true");
    }

    [SkippableFact]
    public void Publish_NativeAot_HasNoWarningsAndComputesTheSame()
    {
        SkipUnlessAskedFor();
        Assert.True(HasProgram("clang") || HasProgram("gcc"), "Native AOT needs a linker: neither clang nor gcc is on the path");

        DotnetCommand native = Publish("-p:PublishAot=true", "-p:IlcInstructionSet=native");

        // Compiled for this machine: the same level as under the JIT.
        ConsumerProject jitted = ConsumerProject.Application(package);
        Assert.Equal(Level(jitted.Dotnet("run", "-c", "Release").Succeeds()), Level(native));
    }

    private DotnetCommand Publish(params string[] properties)
    {
        ConsumerProject application = ConsumerProject.Application(package);
        string output = Path.Combine(application.Folder, "out");
        application.Dotnet(["publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", output, .. properties]).Succeeds();
        return DotnetCommand.RunProgram(Path.Combine(output, OperatingSystem.IsWindows() ? "Application.exe" : "Application")).Succeeds();
    }

    private static string Level(DotnetCommand run) => run.Output.Split('\n').Single(line => line.StartsWith("level ", StringComparison.Ordinal)).Trim();

    private static void SkipUnlessAskedFor() =>
        Skip.IfNot(Environment.GetEnvironmentVariable(Switch) == "1", $"publishing takes minutes and needs a linker: set {Switch}=1 to run this");

    private static bool HasProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));
}
