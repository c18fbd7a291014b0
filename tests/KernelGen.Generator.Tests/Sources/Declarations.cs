using KernelGen.Generator.Frontend;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Tests;

/// <summary>Runs the parser on the attributed classes of a compilation.</summary>
internal static class Declarations
{
    public static IReadOnlyList<ParseResult> ParseAll(Compilation compilation, bool isQuiet = false)
    {
        List<ParseResult> results = [];
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (TypeDeclarationSyntax declaration in tree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>())
            {
                INamedTypeSymbol type = model.GetDeclaredSymbol(declaration)!;
                if (type.DeclaringSyntaxReferences[0].GetSyntax() != declaration)
                    continue;
                foreach (AttributeData attribute in type.GetAttributes())
                {
                    if (Systems.RowOf(attribute) is { } row)
                        results.Add(DeclarationParser.Parse(type, attribute, row, compilation, isQuiet, default));
                }
            }
        }

        return results;
    }

    /// <summary>The spec of the one declaration in <paramref name="sources"/>, which has nothing wrong with it.</summary>
    public static Spec.KernelSpec Spec(params string[] sources)
    {
        ParseResult result = Assert.Single(ParseAll(TestCompilation.Of(sources)));
        Assert.DoesNotContain(result.Diagnostics, finding => Diagnostics.ById(finding.Id).DefaultSeverity == DiagnosticSeverity.Error);
        Assert.NotNull(result.Spec);
        return result.Spec;
    }

    /// <summary>A class with a map of its own.</summary>
    public static string WithMap(string members, string arguments = "HeadDim = 64") => $$"""
        using System;
        using KernelGen;

        namespace App;

        [LinearAttention({{arguments}})]
        public static partial class Attention
        {
            {{members}}
        }
        """;
}
