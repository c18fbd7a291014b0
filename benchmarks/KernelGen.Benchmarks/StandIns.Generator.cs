// Temporary, see StandIns.cs.
#pragma warning disable RS1041, RS1036 // Not loaded by a compiler.
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator;

/// <summary>Writes the declaration back as a comment: enough to time the pipeline around it.</summary>
[Generator(LanguageNames.CSharp)]
internal sealed class KernelGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var declarations = context.SyntaxProvider.ForAttributeWithMetadataName(
            "KernelGen.LinearAttentionAttribute",
            static (_, _) => true,
            static (c, _) => (c.TargetSymbol.ContainingNamespace.ToDisplayString(), c.TargetSymbol.Name, c.Attributes[0].ToString()));
        context.RegisterSourceOutput(declarations, static (output, declaration) => output.AddSource(
            declaration.Name + ".g.cs",
            $"// {declaration.Item3}\nnamespace {declaration.Item1};\npublic partial class {declaration.Name} {{ }}\n"));
    }
}
