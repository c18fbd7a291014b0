using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using KernelGen.Generator;
using KernelGen.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit.Sdk;

namespace KernelGen.Tests.Hosting;

/// <summary>
/// Declarations compiled with the generator in process, in one compilation (its fixed cost is most of the time), and loaded. Anything that
/// the compiler, the generator or the analyzer has to say is a failure.
/// </summary>
public sealed class CompiledBatch : IDisposable
{
    /// <summary>What the published causal form is told, which some declarations ask for.</summary>
    private const string LeakHint = "KG0019";

    private readonly AssemblyLoadContext _context;
    private readonly Dictionary<Declaration, object> _variants = [];
    private readonly Dictionary<Declaration, Type> _kernels = [];

    private CompiledBatch(string name, MemoryStream image, IReadOnlyList<(Declaration Declaration, string Name)> classes)
    {
        _context = new AssemblyLoadContext(name, isCollectible: true);
        image.Position = 0;
        Assembly assembly = _context.LoadFromStream(image);
        Dictionary<string, Type> kernels = assembly.GetTypes().Where(IsKernel).ToDictionary(type => Traits(type).Name);
        foreach ((Declaration declaration, string className) in classes)
        {
            _kernels.Add(declaration, kernels[$"{DeclarationText.Namespace}.{className}"]);
            Type adapter = assembly.GetType($"{DeclarationText.Namespace}.{DeclarationText.AdapterName(className)}", throwOnError: true)!;
            _variants.Add(declaration, Activator.CreateInstance(adapter)!);
        }
    }

    /// <summary>Compiles every distinct declaration.</summary>
    public static CompiledBatch Compile(string name, IEnumerable<Declaration> declarations)
    {
        (Declaration Declaration, string Name)[] classes = declarations.Distinct()
            .Select((declaration, index) => (declaration, FormattableString.Invariant($"Variant{index}"))).ToArray();
        CSharpCompilation input = StrictCompilation.Of(name, classes.Select(c => (c.Name + ".cs", DeclarationText.Declaration(c.Declaration, c.Name))));
        RequireNothing(input, input.GetDiagnostics());

        Compilation output = Generate(input);
        foreach (SyntaxTree declaration in input.SyntaxTrees)
            RequireNothing(output, Analyze(output, declaration));

        output = output.AddSyntaxTrees(classes.Select(c => StrictCompilation.Tree(c.Name + ".Adapter.cs", DeclarationText.Adapter(c.Declaration, c.Name))));
        var image = new MemoryStream();
        RequireNothing(output, output.Emit(image).Diagnostics);
        return new CompiledBatch(name, image, classes);
    }

    /// <summary>The members of one declaration's class.</summary>
    public IVariant<TElement, T> Members<TElement, T>(Declaration declaration)
        where TElement : unmanaged
        where T : unmanaged => (IVariant<TElement, T>)_variants[declaration];

    /// <summary>The kernels of one declaration, to be called with numbers in double precision.</summary>
    internal RunnableVariant Variant(Declaration declaration) => declaration.DType switch
    {
        DType.Float64 => new RunnableVariant<double, double>(Members<double, double>(declaration), declaration.Learned is not null),
        DType.Float16 => new RunnableVariant<Half, float>(Members<Half, float>(declaration), declaration.Learned is not null),
        DType.BFloat16 => new RunnableVariant<BFloat16, float>(Members<BFloat16, float>(declaration), declaration.Learned is not null),
        _ => new RunnableVariant<float, float>(Members<float, float>(declaration), declaration.Learned is not null),
    };

    /// <summary>The backward phases of one declaration, without what the library does around them.</summary>
    internal RunnableBackward Backward(Declaration declaration)
    {
        Type element = declaration.DType == DType.Float64 ? typeof(double) : typeof(float);
        return (RunnableBackward)Activator.CreateInstance(typeof(RunnableBackward<,>).MakeGenericType(_kernels[declaration], element), declaration)!;
    }

    private static bool IsKernel(Type type) =>
        type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IStateKernel<>));

    private static KernelTraits Traits(Type kernel) => (KernelTraits)kernel.GetProperty(nameof(Traits))!.GetValue(null)!;

    public void Dispose() => _context.Unload();

    /// <summary>Runs the generator under a culture whose minus sign and decimal point no C# compiler reads.</summary>
    private static Compilation Generate(CSharpCompilation input)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NegativeSign = "\u2212";
        odd.NumberFormat.NumberDecimalSeparator = "\u066B";
        try
        {
            CultureInfo.CurrentCulture = odd;
            GeneratorDriver driver = CSharpGeneratorDriver.Create([new KernelGenerator().AsSourceGenerator()], parseOptions: StrictCompilation.Parse);
            driver.RunGeneratorsAndUpdateCompilation(input, out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
            RequireNothing(output, diagnostics);
            return output;
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>
    /// What the analyzer says of one declaration, generated half included, as an editor would ask: asking for the whole compilation would
    /// bind every kernel once more.
    /// </summary>
    private static ImmutableArray<Diagnostic> Analyze(Compilation output, SyntaxTree declaration) => output
        .WithAnalyzers([new KernelAnalyzer()])
        .GetAnalyzerSemanticDiagnosticsAsync(output.GetSemanticModel(declaration), null, CancellationToken.None)
        .GetAwaiter().GetResult();

    private static void RequireNothing(Compilation compilation, IReadOnlyCollection<Diagnostic> diagnostics)
    {
        Diagnostic[] visible = diagnostics.Where(d => d.Severity != DiagnosticSeverity.Hidden && d.Id != LeakHint).ToArray();
        if (visible.Length > 0)
            throw new XunitException(SourceListing.Of(compilation, visible));
    }
}
