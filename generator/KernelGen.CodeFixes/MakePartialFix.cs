using System.Collections.Immutable;
using System.Composition;
using KernelGen.Generator.Frontend;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace KernelGen.CodeFixes;

/// <summary>Makes an attention class and the types around it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class MakePartialFix : DeclarationFix
{
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(Diagnostics.NotPartial.Id, Diagnostics.ContainingTypeNotPartial.Id);

    private protected override string Title => "Make partial";

    private protected override IEnumerable<SyntaxNode> Targets(SyntaxNode root, Diagnostic diagnostic) =>
        root.FindToken(diagnostic.Location.SourceSpan.Start).Parent?.AncestorsAndSelf()
            .OfType<TypeDeclarationSyntax>()
            .Where(type => !type.Modifiers.Any(SyntaxKind.PartialKeyword))
        ?? Enumerable.Empty<SyntaxNode>();

    private protected override void Edit(SyntaxEditor editor, SyntaxNode target) =>
        editor.SetModifiers(target, editor.Generator.GetModifiers(target).WithPartial(true));
}
