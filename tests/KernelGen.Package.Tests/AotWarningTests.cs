using System.Text.RegularExpressions;

namespace KernelGen.Package.Tests;

/// <summary>
/// Native AOT's baseline hides AVX2 and AVX-512, silently: the package says so, and only where it is so. The target that a publish begins with is enough
/// to see it.
/// </summary>
[Collection(PackageCollection.Name)]
public partial class AotWarningTests(PackageFixture package)
{
    [Fact]
    public void PrepareForPublish_EachSetting_WarnsOnlyOfAotWithoutInstructionSet()
    {
        ConsumerProject application = Restored(ConsumerProject.Application(package));

        Assert.Equal(1, Warnings(application, "-p:PublishAot=true", "-p:RuntimeIdentifier=linux-x64"));
        Assert.Equal(1, Warnings(application, "-p:PublishAot=true", "-p:RuntimeIdentifier=win-x64"));
        Assert.Equal(0, Warnings(application, "-p:PublishAot=true", "-p:RuntimeIdentifier=linux-x64", "-p:IlcInstructionSet=native"));
        Assert.Equal(0, Warnings(application, "-p:PublishAot=true", "-p:RuntimeIdentifier=linux-arm64"));
        Assert.Equal(0, Warnings(application));
        Assert.Equal(0, Warnings(application, "-p:PublishTrimmed=true", "-p:RuntimeIdentifier=linux-x64"));
    }

    [Fact]
    public void PrepareForPublish_PackageOfALibrary_WarnsTheApplication()
    {
        ConsumerProject application = Restored(ConsumerProject.Transitive(package));

        Assert.Equal(1, Warnings(application, "-p:PublishAot=true", "-p:RuntimeIdentifier=linux-x64"));
    }

    private static ConsumerProject Restored(ConsumerProject project)
    {
        project.Dotnet("restore").Succeeds();
        return project;
    }

    private static int Warnings(ConsumerProject project, params string[] properties)
    {
        DotnetCommand command = project.Dotnet(["msbuild", "-t:PrepareForPublish", "-p:MSBuildTreatWarningsAsErrors=false", "-p:TreatWarningsAsErrors=false", .. properties]).Succeeds();
        return Warning().Count(command.Output);
    }

    [GeneratedRegex(@"warning KG0303: Native AOT's default baseline hides AVX2 and AVX-512 .*<IlcInstructionSet>native</IlcInstructionSet>")]
    private static partial Regex Warning();
}
