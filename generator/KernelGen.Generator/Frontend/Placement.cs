using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Frontend;

/// <summary>
/// Whether generated code can complete the class from another file. What is wrong with a type around it is told on the class too: editors
/// offer no fix for what the analysis of one symbol finds on another.
/// </summary>
internal static class Placement
{
    private const LanguageVersion Oldest = LanguageVersion.CSharp12;

    public static void Check(INamedTypeSymbol type, Compilation compilation, Findings findings, CancellationToken cancellation)
    {
        if (compilation is CSharpCompilation { LanguageVersion: < Oldest and var version })
            findings.Add(Diagnostics.LanguageVersion, type.Locations[0], Oldest.ToDisplayString(), version.ToDisplayString());

        for (INamedTypeSymbol? part = type; part is not null; part = part.ContainingType)
        {
            // class { }: half typed.
            if (part.Name.Length == 0)
                findings.Reject();
            if (part.IsFileLocal)
                findings.Add(Diagnostics.FileLocal, type.Locations[0], part.Name);

            foreach (SyntaxReference reference in part.DeclaringSyntaxReferences)
            {
                if (reference.GetSyntax(cancellation) is not BaseTypeDeclarationSyntax declaration || declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
                    continue;
                if (SymbolEqualityComparer.Default.Equals(part, type))
                    findings.Add(Diagnostics.NotPartial, declaration.Identifier.GetLocation(), type.Name);
                else
                    findings.Add(Diagnostics.ContainingTypeNotPartial, type.Locations[0], part.Name, type.Name);
            }
        }
    }
}
