using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Tests;

/// <summary>The generator's folders are layers: who may import whom.</summary>
public class LayeringTests
{
    private const string Root = "KernelGen.Generator";
    private const string Compiler = "Microsoft.CodeAnalysis";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Support"] = [],
        ["Text"] = [],
        ["Expressions"] = [],
        ["Spec"] = ["Expressions", "Support"],
        ["Frontend"] = ["Expressions", "Support", "Spec"],
    };

    [Fact]
    public void Folders_ImportOnlyWhatLiesBelowThem()
    {
        foreach ((string folder, string[] allowed) in Allowed)
        {
            foreach ((string file, string[] imports) in Imports(folder))
            {
                IEnumerable<string> layers = imports.Where(import => import.StartsWith(Root + ".", StringComparison.Ordinal)).Select(import => import[(Root.Length + 1)..]);
                Assert.True(!layers.Except(allowed).Any(), $"{file} imports {string.Join(", ", layers.Except(allowed))}");
            }
        }
    }

    [Fact]
    public void Symbols_AreSeenOnlyByTheFrontEnd()
    {
        foreach (string folder in Directory.GetDirectories(Folder()).Select(path => Path.GetFileName(path)).Except(["Frontend", "bin", "obj"]))
        {
            foreach ((string file, string[] imports) in Imports(folder))
                Assert.True(!imports.Any(import => import.StartsWith(Compiler, StringComparison.Ordinal)), file + " sees the compiler");
        }
    }

    private static IEnumerable<(string File, string[] Imports)> Imports(string folder) =>
        from file in Directory.GetFiles(Path.Combine(Folder(), folder), "*.cs", SearchOption.AllDirectories)
        let root = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetCompilationUnitRoot()
        select (Path.GetFileName(file), root.DescendantNodes().OfType<UsingDirectiveSyntax>().Select(import => import.NamespaceOrType.ToString()).ToArray());

    private static string Folder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "generator", Root));
}
