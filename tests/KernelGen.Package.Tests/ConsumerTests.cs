namespace KernelGen.Package.Tests;

[Collection(PackageCollection.Name)]
public class ConsumerTests(PackageFixture package)
{
    [Fact]
    public void Application_BuiltWithWarningsAsErrors_ComputesWhatTheDefinitionSays()
    {
        ConsumerProject application = ConsumerProject.Application(package);

        application.Dotnet("build", "-c", "Release", "-o", Path.Combine(application.Folder, "out")).Succeeds();
        DotnetCommand run = DotnetCommand.Run(application.Folder, Path.Combine(application.Folder, "out", "Application.dll")).Succeeds();

        Assert.Equal(3, run.Output.Split("relative error").Length - 1);
    }

    [Fact]
    public void GpuApplication_BuiltWithWarningsAsErrors_AgreesWithTheCpu()
    {
        ConsumerProject application = ConsumerProject.Gpu(package);

        application.Dotnet("build", "-c", "Release", "-o", Path.Combine(application.Folder, "out")).Succeeds();
        DotnetCommand run = DotnetCommand.Run(application.Folder, Path.Combine(application.Folder, "out", "GpuApplication.dll")).Succeeds();

        Assert.Contains("largest difference", run.Output, StringComparison.Ordinal);
    }
}
