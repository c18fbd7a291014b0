using System.Diagnostics;
using System.Globalization;
using KernelGen.Benchmarks.Measuring;
using KernelGen.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>
/// What an edit costs the person typing: one run of the generator, warm, in the compiler's own driver. Parsing the edited file and binding
/// the project are not ours and are outside the clock, except for what the driver asks of them.
/// </summary>
internal static class GeneratorLatency
{
    private const string UnrelatedFile = "Unrelated.cs";
    private const int Declarations = 10;
    private const int LeastRuns = 10;
    private const int MostRuns = 100;

    /// <summary>Of warming up, and again of sampling: the compiler's own code needs some dozen runs to reach its last tier.</summary>
    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(5);

    private static readonly CSharpParseOptions _parseOptions = new(LanguageVersion.Latest);

    /// <summary>A declaration's argument is edited: its kernels are generated anew.</summary>
    public static Reading Declaration() => Measure(declarations: 1, FileOf(0), Declared, regenerates: true);

    /// <summary>A file without declarations is edited beside ten declarations: nothing should be generated.</summary>
    public static Reading UnrelatedEdit() => Measure(Declarations, UnrelatedFile, Unrelated, regenerates: false);

    private static Reading Measure(int declarations, string file, Func<int, SyntaxTree> edit, bool regenerates)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Edited",
            [Unrelated(0), .. Enumerable.Range(0, declarations).Select(i => Declaration(i, epsilon: 1e-6))],
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        GeneratorDriver driver = CSharpGeneratorDriver
            .Create([new KernelGenerator().AsSourceGenerator()], parseOptions: _parseOptions)
            .RunGenerators(compilation);
        AssertCompiles(driver, compilation, declarations);

        int edits = 0;
        string before = GeneratedText(driver);
        Sample();
        List<double> samples = Sample();
        samples.Sort();
        double median = samples[samples.Count / 2] * 1e3;
        return new Reading(median, median);

        List<double> Sample()
        {
            List<double> seconds = [];
            long begin = Stopwatch.GetTimestamp();
            while (seconds.Count < LeastRuns || (seconds.Count < MostRuns && Stopwatch.GetElapsedTime(begin) < _budget))
                seconds.Add(Edit(++edits));
            return seconds;
        }

        double Edit(int number)
        {
            SyntaxTree old = compilation.SyntaxTrees.Single(tree => tree.FilePath == file);
            compilation = compilation.ReplaceSyntaxTree(old, edit(number));

            long start = Stopwatch.GetTimestamp();
            driver = driver.RunGenerators(compilation);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

            string after = GeneratedText(driver);
            if ((after != before) != regenerates)
                throw new RowRefusedException(regenerates ? "an edited declaration left the generated code as it was" : "an unrelated edit changed the generated code");
            before = after;
            return seconds;
        }
    }

    private static void AssertCompiles(GeneratorDriver driver, Compilation compilation, int declarations)
    {
        int generated = driver.GetRunResult().GeneratedTrees.Length;
        if (generated < declarations)
            throw new RowRefusedException($"{declarations} declarations gave {generated} generated files");

        driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        Diagnostic? error = driver.GetRunResult().Diagnostics
            .Concat(output.Emit(Stream.Null).Diagnostics)
            .FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        if (error is not null)
            throw new RowRefusedException($"generated code does not compile: {error.ToString().ReplaceLineEndings(" ")}");
    }

    private static string GeneratedText(GeneratorDriver driver) => string.Concat(driver.GetRunResult().GeneratedTrees.Select(tree => tree.ToString()));

    /// <summary>Each edit gives the first declaration another epsilon: other code of the same shape.</summary>
    private static SyntaxTree Declared(int edit) => Declaration(0, epsilon: 1e-6 + (edit * 1e-9));

    private static SyntaxTree Declaration(int index, double epsilon) => Parse(FileOf(index), string.Create(
        CultureInfo.InvariantCulture,
        $"namespace Edited; [KernelGen.LinearAttention(HeadDim = 64, Epsilon = {epsilon})] public partial class Attention{index};"));

    private static SyntaxTree Unrelated(int edit) => Parse(UnrelatedFile, string.Create(
        CultureInfo.InvariantCulture,
        $"namespace Edited; public static class Unrelated {{ public static int Edit() => {edit}; }}"));

    private static string FileOf(int index) => string.Create(CultureInfo.InvariantCulture, $"Attention{index}.cs");

    private static SyntaxTree Parse(string file, string text) => CSharpSyntaxTree.ParseText(text, _parseOptions, file);

    /// <summary>What this program itself runs on, KernelGen included, but not this program: it declares classes of its own.</summary>
    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => path != typeof(GeneratorLatency).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path));
}
