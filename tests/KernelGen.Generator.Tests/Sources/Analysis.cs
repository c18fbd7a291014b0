using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace KernelGen.Generator.Tests;

/// <summary>Runs generator and analyzer as the compiler does: the analyzer sees the compilation with the generated files in it.</summary>
internal static class Analysis
{
    public static GeneratorDriver Driver(LanguageVersion language = TestCompilation.Language, bool track = false) => CSharpGeneratorDriver.Create(
        [new KernelGenerator().AsSourceGenerator()],
        parseOptions: new CSharpParseOptions(language),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: track));

    /// <summary>The compilation with the generated files; the generator must not fail or report.</summary>
    public static Compilation Generate(CSharpCompilation compilation, LanguageVersion language = TestCompilation.Language)
    {
        GeneratorDriver driver = Driver(language).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        Assert.Empty(diagnostics);
        Assert.Null(Assert.Single(driver.GetRunResult().Results).Exception);
        return output;
    }

    /// <summary>
    /// What the analyzer reports; it must not fail. It looks at no symbol of the generated files alone, so where one file was written everything that it does is
    /// done for that file's symbols, as an editor would ask: the whole compilation would bind every kernel once more.
    /// </summary>
    public static async Task<IReadOnlyList<Diagnostic>> Analyze(Compilation output, CSharpCompilation input)
    {
        CompilationWithAnalyzersOptions options = new(
            new AnalyzerOptions([]),
            onAnalyzerException: (exception, _, _) => Assert.Fail(exception.ToString()),
            concurrentAnalysis: false,
            logAnalyzerExecutionTime: false);
        CompilationWithAnalyzers analysis = new(output, [new KernelAnalyzer()], options);
        ImmutableArray<Diagnostic> diagnostics = input.SyntaxTrees.Length == 1
            ? (await analysis.GetAnalysisResultAsync(output.GetSemanticModel(input.SyntaxTrees[0]), filterSpan: null, CancellationToken.None)).GetAllDiagnostics()
            : await analysis.GetAnalyzerDiagnosticsAsync();
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id == "AD0001");
        return diagnostics;
    }

    /// <summary>
    /// Checks that exactly the marked diagnostics are reported, where they are marked, in sources that compile; returns them in the order
    /// of the text.
    /// </summary>
    public static Task<IReadOnlyList<Diagnostic>> Verify(params string[] marked) => Verify(TestCompilation.Language, compiles: true, marked);

    public static async Task<IReadOnlyList<Diagnostic>> Verify(LanguageVersion language, bool compiles, params string[] marked)
    {
        (string[] sources, IReadOnlyList<Marked> marks) = Markup.Read(marked);
        CSharpCompilation compilation = TestCompilation.Unchecked(language, sources);
        if (compiles)
            TestCompilation.AssertCompiles(compilation);
        IReadOnlyList<Diagnostic> found = await Analyze(Generate(compilation, language), compilation);
        Assert.Equal(
            marks.Select(mark => Show(sources, mark)).Order(),
            found.Select(diagnostic => Show(sources, new Marked(diagnostic.Id, FileOf(compilation, diagnostic), diagnostic.Location.SourceSpan))).Order());

        return [.. found.OrderBy(diagnostic => (FileOf(compilation, diagnostic), diagnostic.Location.SourceSpan.Start))];
    }

    private static int FileOf(CSharpCompilation compilation, Diagnostic diagnostic)
    {
        // A location in the tree itself, not in a file of its name: only such a one can be suppressed in the source.
        Assert.NotNull(diagnostic.Location.SourceTree);
        int file = compilation.SyntaxTrees.IndexOf(diagnostic.Location.SourceTree);
        Assert.True(file >= 0);
        return file;
    }

    private static string Show(string[] sources, Marked mark)
    {
        TextSpan span = mark.Span;
        return $"{mark.File}:{span.Start}..{span.End} {mark.Id} '{sources[mark.File].Substring(span.Start, span.Length)}'";
    }
}
