using KernelGen.Generator.Frontend;
using KernelGen.Generator.Plans;
using KernelGen.Generator.Spec;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Tests.Hosting;

/// <summary>What the front end and the plans make of a declaration: everything before a target is chosen, so nothing is compiled or loaded.</summary>
internal static class DeclarationSpecs
{
    private const string Name = "Variant";

    public static KernelSpec Spec(Declaration declaration)
    {
        CSharpCompilation compilation = StrictCompilation.Of(nameof(DeclarationSpecs), [(Name + ".cs", DeclarationText.Declaration(declaration, Name))]);
        INamedTypeSymbol type = compilation.GetTypeByMetadataName($"{DeclarationText.Namespace}.{Name}")!;
        AttributeData attribute = Assert.Single(type.GetAttributes());
        ParseResult result = DeclarationParser.Parse(type, attribute, Systems.RowOf(attribute)!, compilation, isQuiet: false, CancellationToken.None);
        Assert.DoesNotContain(result.Diagnostics, d => d.Id != "KG0019");
        return result.Spec!;
    }

    public static KernelPrograms Programs(Declaration declaration) => Generator.Compiler.Programs(Spec(declaration));
}
