using System.Globalization;
using KernelGen.Variants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>What holds of every emitted file, whatever is in it.</summary>
public class EmittedTextTests
{
    public static TheoryData<string> Variants => [.. VariantTable.Names];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Compile_Variant_IsCSharp12WithLineFeedsAndNoUnsafeCode(string variant)
    {
        foreach ((string name, string source) in Files(variant))
        {
            SyntaxTree tree = CSharpSyntaxTree.ParseText(source, GeneratorRun.Language, name);

            Assert.Empty(tree.GetDiagnostics());
            Assert.DoesNotContain('\r', source);
            Assert.EndsWith("\n", source, StringComparison.Ordinal);
            Assert.DoesNotContain(tree.GetRoot().DescendantTokens(), token => token.IsKind(SyntaxKind.UnsafeKeyword) || token.IsKind(SyntaxKind.FixedKeyword));
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Compile_Variant_EveryKernelMethodIsFullyOptimisedFromTheStart(string variant)
    {
        (string Name, string Source)[] kernels = [.. Files(variant).Where(file => file.Name.Contains(".Forward.", StringComparison.Ordinal))];
        MethodDeclarationSyntax[] methods =
        [
            .. kernels.SelectMany(file => CSharpSyntaxTree.ParseText(file.Source, GeneratorRun.Language).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()),
        ];

        Assert.Equal(4, kernels.Length);
        Assert.NotEmpty(methods);
        Assert.All(methods, method => Assert.Contains("MethodImplOptions.AggressiveOptimization", method.AttributeLists.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Compile_Variant_GivesCodeThatCompiles(string variant) =>
        Assert.DoesNotContain(GeneratorRun.OfVariant(variant).Compilation.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Compile_Twice_GivesTheSameText(string variant) => Assert.Equal(Files(variant), FilesAnew(variant));

    [Theory]
    [MemberData(nameof(Variants))]
    public void Compile_CultureWithAnotherMinusSign_GivesTheSameText(string variant)
    {
        (string, string)[] usual = Files(variant);
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Cultures.Odd;
        try
        {
            Assert.Equal(usual, FilesAnew(variant));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static (string Name, string Source)[] Files(string variant) => Texts(GeneratorRun.OfVariant(variant));

    private static (string Name, string Source)[] FilesAnew(string variant) => Texts(GeneratorRun.Of(VariantTable.Source(variant)));

    private static (string Name, string Source)[] Texts(GeneratorRun run) => [.. run.Files.Select(file => (file.HintName, file.SourceText.ToString()))];
}
