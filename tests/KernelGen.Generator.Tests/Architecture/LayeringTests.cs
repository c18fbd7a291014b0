using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Tests.Architecture;

public class LayeringTests
{
    public static TheoryData<string> Layers => [.. GeneratorSources.Layers.Where(layer => layer != GeneratorSources.RootLayer)];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_EveryFile_ImportsOnlyWhatTheTableAllows(string layer)
    {
        string[] allowed = LayerTable.Allowed[layer];

        IEnumerable<string> faults =
            from file in GeneratorSources.In(layer)
            from import in Imports.Of(file, GeneratorSources.Layers)
            where !allowed.Contains(import)
            select $"{file.Name} imports {import}";

        Assert.Empty(faults);
    }

    [Fact]
    public void LayerTable_Folders_AreThoseOfTheProject() =>
        Assert.Equal(LayerTable.Allowed.Keys.Order(StringComparer.Ordinal), GeneratorSources.Layers.Where(layer => layer != GeneratorSources.RootLayer).Order(StringComparer.Ordinal));

    [Fact]
    public void Namespaces_EveryFile_BeginWithItsLayer()
    {
        // Imports are found by namespace: this is what makes them layers.
        IEnumerable<string> faults =
            from file in GeneratorSources.All
            let expected = file.Layer == GeneratorSources.RootLayer ? "KernelGen.Generator" : $"KernelGen.Generator.{file.Layer}"
            from declared in file.Parse().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
            let name = declared.Name.ToString()
            where name != expected && !name.StartsWith(expected + ".", StringComparison.Ordinal)
            select $"{file.Name} is in {name}";

        Assert.Empty(faults);
    }

    [Fact]
    public void GlobalUsings_WholeProject_AreOfTheFrameworkOnly()
    {
        IEnumerable<string> ours =
            from file in GeneratorSources.All
            from directive in file.Parse().Usings
            where directive.GlobalKeyword.Text == "global" && !directive.NamespaceOrType.ToString().StartsWith("System", StringComparison.Ordinal)
            select $"{file.Name}: {directive}";

        Assert.Empty(ours);
    }

    [Theory]
    [InlineData("using KernelGen.Generator.Plans;", "Plans")]
    [InlineData("using static KernelGen.Generator.Plans.KernelStatePlan;", "Plans")]
    [InlineData("using P = KernelGen.Generator.Plans.KernelStatePlan;", "Plans")]
    [InlineData("namespace KernelGen.Generator.Backends; class C { Plans.KernelPrograms? P; }", "Plans")]
    [InlineData("namespace KernelGen.Generator.Backends; class C { object P = KernelGen.Generator.Plans.KernelStatePlan.Build(null); }", "Plans")]
    [InlineData("namespace KernelGen.Generator.Backends; class C { object P = Plans.KernelStatePlan.Build(null); }", "Plans")]
    [InlineData("namespace KernelGen.Generator.Backends; class C { object P = global::Microsoft.CodeAnalysis.SyntaxFactory.Token(1); }", LayerTable.Roslyn)]
    [InlineData("using Microsoft.CodeAnalysis;", LayerTable.Roslyn)]
    public void Imports_EveryWayToName_AreFound(string source, string import) =>
        Assert.Equal([import], Imports.Of(new SourceFile("Backends/Seeded.cs", source), GeneratorSources.Layers));
}
