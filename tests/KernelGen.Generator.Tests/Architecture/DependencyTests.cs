using System.Reflection;

namespace KernelGen.Generator.Tests.Architecture;

/// <summary>The package brings these assemblies and nothing else: what they reference, the compiler has to have.</summary>
public class DependencyTests
{
    // System.Memory and System.Collections.Immutable come with Roslyn itself.
    private static readonly string[] s_compiler =
        ["Microsoft.CodeAnalysis", "Microsoft.CodeAnalysis.CSharp", "System.Collections.Immutable", "System.Memory", "netstandard"];

    [Fact]
    public void Generator_References_AreTheCompilersOwn() =>
        Assert.Empty(References("KernelGen.Generator").Except(s_compiler));

    [Fact]
    public void CodeFixes_References_AreTheEditorsOwn()
    {
        string[] editor = ["KernelGen.Generator", "Microsoft.CodeAnalysis.Workspaces", "Microsoft.CodeAnalysis.CSharp.Workspaces", "System.Composition.AttributedModel"];

        Assert.Empty(References("KernelGen.CodeFixes").Except(s_compiler).Except(editor));
    }

    [Fact]
    public void Generator_RoslynReference_IsTheOldestSupported()
    {
        AssemblyName roslyn = typeof(KernelGenerator).Assembly.GetReferencedAssemblies().Single(name => name.Name == "Microsoft.CodeAnalysis");

        Assert.Equal(new Version(4, 8, 0, 0), roslyn.Version);
    }

    private static string[] References(string assembly)
    {
        string[] names = [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!)];
        Assert.NotEmpty(names);
        return names;
    }
}
