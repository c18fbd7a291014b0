using System.IO.Compression;
using System.Xml.Linq;

namespace KernelGen.Package.Tests;

[Collection(PackageCollection.Name)]
public class PackageContentTests(PackageFixture package)
{
    [Fact]
    public void Package_Files_AreExactlyThese() => Assert.Equal(
        [
            "KernelGen.nuspec",
            "README.md",
            "analyzers/dotnet/cs/KernelGen.CodeFixes.dll",
            "analyzers/dotnet/cs/KernelGen.Generator.dll",
            "build/KernelGen.targets",
            "buildTransitive/KernelGen.targets",
            "lib/net10.0/KernelGen.dll",
            "lib/net10.0/KernelGen.xml",
        ],
        Files("nupkg"));

    [Fact]
    public void GpuPackage_Files_AreExactlyThese() => Assert.Equal(["KernelGen.Gpu.nuspec", "README.md", "lib/net10.0/KernelGen.Gpu.dll", "lib/net10.0/KernelGen.Gpu.xml"], Files("nupkg", "KernelGen.Gpu"));

    [Fact]
    public void SymbolPackage_Files_AreExactlyThese() => Assert.Equal(["KernelGen.nuspec", "lib/net10.0/KernelGen.pdb"], Files("snupkg"));

    [Fact]
    public void Package_Dependencies_AreTheFrameworksOwn()
    {
        using ZipArchive archive = ZipFile.OpenRead(PackagePath("nupkg"));
        using Stream stream = archive.GetEntry("KernelGen.nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().Single();
        XNamespace names = metadata.Name.Namespace;

        Assert.Equal(["System.Numerics.Tensors"], metadata.Descendants(names + "dependency").Select(dependency => dependency.Attribute("id")!.Value));
        Assert.Equal("MIT", metadata.Element(names + "license")!.Value);
        Assert.Equal("README.md", metadata.Element(names + "readme")!.Value);
    }

    private string PackagePath(string extension, string library = "KernelGen") => Path.Combine(package.Feed, $"{library}.{package.Version}.{extension}");

    /// <summary>Without what the container format itself asks for.</summary>
    private IEnumerable<string> Files(string extension, string library = "KernelGen")
    {
        using ZipArchive archive = ZipFile.OpenRead(PackagePath(extension, library));
        return
        [
            .. archive.Entries.Select(entry => entry.FullName)
                .Where(name => name != "[Content_Types].xml" && !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }
}
