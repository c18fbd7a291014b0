using System.Collections.Concurrent;
using System.Collections.Immutable;
using KernelGen.Generator;
using KernelGen.Generator.Spec;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Variants;

/// <summary>
/// The whole chain on one declaration, from attribute to files. The input must compile without errors: against a wrong framework attributes bind
/// without their arguments, and every kernel would silently be another one.
/// </summary>
internal sealed class GeneratorRun
{
    public static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp12);

    // What a user's project would reference: the running framework, and the runtime library built for it with its one dependency.
    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Append(typeof(AttentionShape).Assembly.Location)
            .Append(typeof(System.Numerics.Tensors.Tensor).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    // What all runs derive from, so that they share the symbols of the framework.
    private static readonly CSharpCompilation s_empty = CSharpCompilation.Create(
        "Variant", [], s_references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));

    private static readonly ConcurrentDictionary<string, Lazy<GeneratorRun>> s_variants = new(StringComparer.Ordinal);

    private readonly KernelSpec? _spec;

    private GeneratorRun(KernelSpec? spec, ImmutableArray<GeneratedSourceResult> files, Compilation compilation) =>
        (_spec, Files, Compilation) = (spec, files, compilation);

    /// <summary>Of an attention declaration.</summary>
    public KernelSpec Spec => _spec ?? throw new InvalidOperationException("The declaration is no attention.");

    public ImmutableArray<GeneratedSourceResult> Files { get; }

    /// <summary>The declaration and its generated half, compiled together.</summary>
    public Compilation Compilation { get; }

    /// <summary>A variant of the table, run once and shared by the tests that look at it.</summary>
    public static GeneratorRun OfVariant(string name) => s_variants.GetOrAdd(name, n => new Lazy<GeneratorRun>(() => Of(VariantTable.Source(n)))).Value;

    public static GeneratorRun Of(string declaration)
    {
        CSharpCompilation input = s_empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(declaration, Language));
        if (input.GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is { } error)
            throw new InvalidOperationException($"The declaration does not compile: {error}");

        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new KernelGenerator().AsSourceGenerator()],
            parseOptions: Language,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        GeneratorRunResult result = driver.RunGeneratorsAndUpdateCompilation(input, out Compilation output, out _).GetRunResult().Results.Single();
        if (result.Exception is not null)
            throw new InvalidOperationException("The generator failed.", result.Exception);

        KernelSpec? spec = result.TrackedSteps.TryGetValue(StepNames.Spec, out ImmutableArray<IncrementalGeneratorRunStep> steps) ? (KernelSpec)steps.Single().Outputs.Single().Value : null;
        return new GeneratorRun(spec, result.GeneratedSources, output);
    }
}
