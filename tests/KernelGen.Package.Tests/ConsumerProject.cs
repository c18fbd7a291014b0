namespace KernelGen.Package.Tests;

/// <summary>A fresh project that knows the library by its package alone.</summary>
internal sealed class ConsumerProject
{
    private ConsumerProject(string folder, string name) => (Folder, File) = (folder, Path.Combine(folder, name + ".csproj"));

    public string Folder { get; }

    public string File { get; }

    /// <summary>An executable with the package and the consumer's program, every warning an error.</summary>
    public static ConsumerProject Application(PackageFixture package)
    {
        ConsumerProject project = Create(package, "Application", $"""
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <CheckForOverflowUnderflow>true</CheckForOverflowUnderflow>
                <WarningLevel>9999</WarningLevel>
                <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="KernelGen" Version="{package.Version}" />
              </ItemGroup>
            """);
        System.IO.File.Copy(Path.Combine(AppContext.BaseDirectory, "Consumer", "Program.cs"), Path.Combine(project.Folder, "Program.cs"));
        return project;
    }

    /// <summary>An executable with both packages, which runs on ILGPU's CPU accelerator.</summary>
    public static ConsumerProject Gpu(PackageFixture package)
    {
        ConsumerProject project = Create(package, "GpuApplication", $"""
              <PropertyGroup>
                <OutputType>Exe</OutputType>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="KernelGen" Version="{package.Version}" />
                <PackageReference Include="KernelGen.Gpu" Version="{package.Version}" />
              </ItemGroup>
            """);
        System.IO.File.Copy(Path.Combine(AppContext.BaseDirectory, "Consumer", "Gpu", "Program.cs"), Path.Combine(project.Folder, "Program.cs"));
        return project;
    }

    /// <summary>An executable that references a library that references the package.</summary>
    public static ConsumerProject Transitive(PackageFixture package)
    {
        ConsumerProject library = Create(package, "Library", $"""
              <ItemGroup>
                <PackageReference Include="KernelGen" Version="{package.Version}" />
              </ItemGroup>
            """);
        return Create(package, "Application", $"""
              <PropertyGroup>
                <OutputType>Exe</OutputType>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="{library.File}" />
              </ItemGroup>
            """);
    }

    public DotnetCommand Dotnet(params string[] arguments) => DotnetCommand.Run(Folder, arguments);

    private static ConsumerProject Create(PackageFixture package, string name, string content)
    {
        ConsumerProject project = new(package.NewFolder(), name);
        Isolate(package);
        System.IO.File.WriteAllText(project.File, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <MSBuildTreatWarningsAsErrors>true</MSBuildTreatWarningsAsErrors>
                <SatelliteResourceLanguages>en</SatelliteResourceLanguages>
              </PropertyGroup>
            {content}
            </Project>
            """);
        return project;
    }

    /// <summary>
    /// Build files of folders further up stop at these. Packages go to a folder of the test's own: the user's is only read, for what it has already.
    /// </summary>
    private static void Isolate(PackageFixture package)
    {
        string shared = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Directory.CreateDirectory(shared);
        System.IO.File.WriteAllText(Path.Combine(package.Folder, "Directory.Build.props"), $"""
            <Project>
              <PropertyGroup>
                <RestoreAdditionalProjectSources>{package.Feed}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{Path.Combine(package.Folder, "packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{shared}</RestoreFallbackFolders>
              </PropertyGroup>
            </Project>
            """);
        System.IO.File.WriteAllText(Path.Combine(package.Folder, "Directory.Build.targets"), "<Project />");
        System.IO.File.WriteAllText(Path.Combine(package.Folder, "Directory.Packages.props"), "<Project />");
    }
}
