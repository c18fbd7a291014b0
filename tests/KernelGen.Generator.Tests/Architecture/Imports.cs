using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Tests.Architecture;

/// <summary>The layers that a file names: in using directives, and in qualified names, written from the root or from the generator's own namespace.</summary>
internal static class Imports
{
    private const string Own = "KernelGen.Generator.";

    public static IReadOnlySet<string> Of(SourceFile file, IReadOnlyCollection<string> layers)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (string name in Names(file.Parse()))
        {
            if (name == LayerTable.Roslyn || name.StartsWith(LayerTable.Roslyn + ".", StringComparison.Ordinal))
                found.Add(LayerTable.Roslyn);
            string relative = name.StartsWith(Own, StringComparison.Ordinal) ? name[Own.Length..] : name;
            string first = relative.Split('.', 2)[0];
            if ((relative != name || name.Contains('.', StringComparison.Ordinal)) && layers.Contains(first))
                found.Add(first);
        }

        found.Remove(file.Layer);
        return found;
    }

    /// <summary>Every dotted name in the file, and the target of every using directive.</summary>
    private static IEnumerable<string> Names(CompilationUnitSyntax root)
    {
        foreach (Microsoft.CodeAnalysis.SyntaxNode node in root.DescendantNodes())
        {
            string? name = node switch
            {
                UsingDirectiveSyntax directive => directive.NamespaceOrType.ToString(),
                QualifiedNameSyntax { Parent: not (QualifiedNameSyntax or BaseNamespaceDeclarationSyntax or UsingDirectiveSyntax) } qualified => qualified.ToString(),
                MemberAccessExpressionSyntax { Parent: not MemberAccessExpressionSyntax, Expression: NameSyntax or MemberAccessExpressionSyntax } access => access.ToString(),
                _ => null,
            };
            if (name is not null)
                yield return name.Replace("global::", "", StringComparison.Ordinal);
        }
    }
}
