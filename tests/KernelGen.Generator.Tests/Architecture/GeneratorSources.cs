using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Tests.Architecture;

/// <summary>The generator's own source files, by layer: the folder they lie in.</summary>
internal static class GeneratorSources
{
    /// <summary>The layer of files that lie in no folder.</summary>
    public const string RootLayer = "(root)";

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> All { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(name => !name.StartsWith("bin/", StringComparison.Ordinal) && !name.StartsWith("obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new SourceFile(name, File.ReadAllText(Path.Combine(Root, name)))),
    ];

    public static IReadOnlyList<string> Layers { get; } = [.. All.Select(f => f.Layer).Distinct()];

    public static IEnumerable<SourceFile> In(string layer) => All.Where(f => f.Layer == layer);

    private static string FindRoot([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../generator/KernelGen.Generator"));
}

/// <param name="Name">Path from the project's folder.</param>
/// <param name="Text">The whole file.</param>
internal sealed record SourceFile(string Name, string Text)
{
    public string Layer => Name.Contains('/', StringComparison.Ordinal) ? Name[..Name.IndexOf('/', StringComparison.Ordinal)] : GeneratorSources.RootLayer;

    public CompilationUnitSyntax Parse() => CSharpSyntaxTree.ParseText(Text).GetCompilationUnitRoot();
}
