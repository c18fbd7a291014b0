using System.Collections.Immutable;
using System.Composition;
using KernelGen.Generator.Frontend;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace KernelGen.CodeFixes;

/// <summary>Removes an attribute argument that contradicts the rest of the declaration, or has no effect in it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class RemoveArgumentFix : DeclarationFix
{
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(Diagnostics.FeatureMapTwice.Id, Diagnostics.EpsilonNotUsed.Id, Diagnostics.AlwaysCausal.Id, Diagnostics.FeatureArgumentNotUsed.Id);

    private protected override string Title => "Remove argument";

    private protected override IEnumerable<SyntaxNode> Targets(SyntaxNode root, Diagnostic diagnostic) =>
        root.FindToken(diagnostic.Location.SourceSpan.Start).Parent?.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { } argument
            ? new[] { argument }
            : Enumerable.Empty<SyntaxNode>();

    private protected override void Edit(SyntaxEditor editor, SyntaxNode target) => editor.RemoveNode(target);
}
