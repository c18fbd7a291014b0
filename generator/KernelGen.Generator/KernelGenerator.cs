using System.Text;
using KernelGen.Generator.Frontend;
using KernelGen.Generator.Spec;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace KernelGen.Generator;

/// <summary>
/// The pipeline: attributed class -> spec -> files. Everything after the spec runs only when the spec has changed; a declaration with errors
/// has none. What is wrong with a declaration is for <see cref="KernelAnalyzer"/> to say.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class KernelGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        foreach (SystemRow row in Systems.All)
        {
            IncrementalValuesProvider<KernelSpec> specs = context.SyntaxProvider
                .ForAttributeWithMetadataName(
                    row.AttributeMetadataName,
                    static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                    (declaration, cancellation) => SpecOf(declaration, row, cancellation))
                .WithTrackingName(StepNames.Spec)
                .Where(static spec => spec is not null)
                .Select(static (spec, _) => spec!);

            context.RegisterSourceOutput(specs, static (output, spec) =>
            {
                foreach ((string hintName, string source) in Compiler.Compile(spec))
                    output.AddSource(hintName, SourceText.From(source, Encoding.UTF8));
            });
        }

        IncrementalValuesProvider<DenseSpec> layers = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                DenseParser.AttributeMetadataName,
                static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                static (declaration, cancellation) => declaration.TargetSymbol is INamedTypeSymbol { TypeKind: TypeKind.Class } type
                    ? DenseParser.Parse(type, declaration.Attributes[0], declaration.SemanticModel.Compilation, isQuiet: true, cancellation).Spec
                    : null)
            .WithTrackingName(StepNames.DenseSpec)
            .Where(static spec => spec is not null)
            .Select(static (spec, _) => spec!);

        context.RegisterSourceOutput(layers, static (output, spec) =>
        {
            foreach ((string hintName, string source) in DenseCompiler.Compile(spec))
                output.AddSource(hintName, SourceText.From(source, Encoding.UTF8));
        });

        IncrementalValuesProvider<BlockSpec> blocks = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                BlockParser.AttributeMetadataName, static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax, static (declaration, cancellation) => BlockOf(declaration, cancellation))
            .WithTrackingName(StepNames.BlockSpec)
            .Where(static spec => spec is not null)
            .Select(static (spec, _) => spec!);

        context.RegisterSourceOutput(blocks, static (output, spec) =>
        {
            foreach ((string hintName, string source) in BlockCompiler.Compile(spec))
                output.AddSource(hintName, SourceText.From(source, Encoding.UTF8));
        });
    }

    private static BlockSpec? BlockOf(GeneratorAttributeSyntaxContext declaration, CancellationToken cancellation) =>
        declaration.TargetSymbol is INamedTypeSymbol { TypeKind: TypeKind.Class } type
            ? BlockParser.Parse(type, declaration.Attributes[0], declaration.SemanticModel.Compilation, isQuiet: true, cancellation).Spec
            : null;

    private static KernelSpec? SpecOf(GeneratorAttributeSyntaxContext declaration, SystemRow row, CancellationToken cancellation) =>
        declaration.TargetSymbol is INamedTypeSymbol { TypeKind: TypeKind.Class } type
            ? DeclarationParser.Parse(type, declaration.Attributes[0], row, declaration.SemanticModel.Compilation, isQuiet: true, cancellation).Spec
            : null;
}
