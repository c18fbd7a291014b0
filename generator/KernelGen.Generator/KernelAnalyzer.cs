using System.Collections.Immutable;
using KernelGen.Generator.Frontend;
using KernelGen.Generator.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace KernelGen.Generator;

/// <summary>Reports what the parser found. The generator reports nothing, so that its cache never holds a location.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KernelAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Diagnostics.All.ToImmutableArray();

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(AnalyzeClass, SymbolKind.NamedType);
        context.RegisterSymbolAction(AnalyzeMethod, SymbolKind.Method);
    }

    private static void AnalyzeClass(SymbolAnalysisContext context)
    {
        if (context.Symbol is not INamedTypeSymbol { TypeKind: TypeKind.Class } type)
            return;
        foreach (AttributeData attribute in type.GetAttributes())
        {
            foreach (DiagnosticInfo finding in Findings(type, attribute, context))
                context.ReportDiagnostic(ToDiagnostic(finding, context.Compilation));
        }
    }

    private static EquatableArray<DiagnosticInfo> Findings(INamedTypeSymbol type, AttributeData attribute, SymbolAnalysisContext context)
    {
        if (DenseParser.IsDense(attribute))
            return DenseParser.Parse(type, attribute, context.Compilation, isQuiet: false, context.CancellationToken).Diagnostics;
        if (BlockParser.IsBlock(attribute))
            return BlockParser.Parse(type, attribute, context.Compilation, isQuiet: false, context.CancellationToken).Diagnostics;
        return Systems.RowOf(attribute) is { } row
            ? DeclarationParser.Parse(type, attribute, row, context.Compilation, isQuiet: false, context.CancellationToken).Diagnostics
            : default;
    }

    private static void AnalyzeMethod(SymbolAnalysisContext context)
    {
        IMethodSymbol method = (IMethodSymbol)context.Symbol;
        if (FeatureMapMethod.IsMarked(method) && !method.ContainingType.GetAttributes().Any(attribute => Systems.RowOf(attribute) is not null || DenseParser.IsDense(attribute) || BlockParser.IsBlock(attribute)))
            context.ReportDiagnostic(Diagnostic.Create(Diagnostics.StrayFeatureMap, method.Locations[0], method.Name, method.ContainingType.Name));
    }

    private static Diagnostic ToDiagnostic(DiagnosticInfo finding, Compilation compilation)
    {
        SourceSpan where = finding.Where;
        TextSpan span = new(where.Start, where.Length);
        SyntaxTree? tree = compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == where.Path && span.End <= tree.Length);
        Location location = tree is null
            ? Location.Create(where.Path, span, new(new(where.StartLine, where.StartColumn), new(where.EndLine, where.EndColumn)))
            : Location.Create(tree, span);
        return Diagnostic.Create(Diagnostics.ById(finding.Id), location, finding.Arguments.ToArray<object>());
    }
}
