using System.Collections.Immutable;
using System.Composition;
using KernelGen.Generator.Frontend;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace KernelGen.CodeFixes;

/// <summary>Makes a feature map static.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class MakeStaticFix : DeclarationFix
{
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(Diagnostics.FeatureMapSignature.Id);

    private protected override string Title => "Make static";

    // The same diagnostic tells of other faults of a signature, on its parameter too.
    private protected override IEnumerable<SyntaxNode> Targets(SyntaxNode root, Diagnostic diagnostic) =>
        root.FindToken(diagnostic.Location.SourceSpan.Start).Parent is MethodDeclarationSyntax method && !method.Modifiers.Any(SyntaxKind.StaticKeyword)
            ? new[] { method }
            : Enumerable.Empty<SyntaxNode>();

    private protected override void Edit(SyntaxEditor editor, SyntaxNode target) =>
        editor.SetModifiers(target, editor.Generator.GetModifiers(target).WithIsStatic(true));
}
