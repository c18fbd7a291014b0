using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace KernelGen.CodeFixes;

/// <summary>
/// A fix that edits the declaration a diagnostic stands on. One edit may answer several diagnostics, so a fix of all goes through them in
/// one pass over a document and makes each edit once.
/// </summary>
public abstract class DeclarationFix : CodeFixProvider
{
    private protected abstract string Title { get; }

    public sealed override FixAllProvider GetFixAllProvider() => new AllInDocument(this);

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (root is not null && Targets(root, diagnostic).Any())
            {
                context.RegisterCodeFix(
                    CodeAction.Create(Title, cancellation => Fix(context.Document, ImmutableArray.Create(diagnostic), cancellation), GetType().Name),
                    diagnostic);
            }
        }
    }

    /// <summary>The nodes to edit; none where this fix has no answer to the diagnostic.</summary>
    private protected abstract IEnumerable<SyntaxNode> Targets(SyntaxNode root, Diagnostic diagnostic);

    private protected abstract void Edit(SyntaxEditor editor, SyntaxNode target);

    private async Task<Document> Fix(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        if (root is null)
            return document;
        SyntaxEditor editor = new(root, document.Project.Solution.Workspace.Services);
        foreach (SyntaxNode target in diagnostics.SelectMany(diagnostic => Targets(root, diagnostic)).Distinct())
            Edit(editor, target);
        return document.WithSyntaxRoot(editor.GetChangedRoot());
    }

    private sealed class AllInDocument(DeclarationFix fix) : DocumentBasedFixAllProvider
    {
        protected override async Task<Document?> FixAllAsync(FixAllContext fixAllContext, Document document, ImmutableArray<Diagnostic> diagnostics) =>
            await fix.Fix(document, diagnostics, fixAllContext.CancellationToken).ConfigureAwait(false);
    }
}
