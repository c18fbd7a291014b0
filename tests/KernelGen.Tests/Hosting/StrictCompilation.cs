using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Tests.Hosting;

/// <summary>
/// The strictest project that a user could have: every warning of the latest wave is an error, nullable, checked arithmetic, no unsafe
/// code, and the oldest language that generated code promises to need.
/// </summary>
internal static class StrictCompilation
{
    public static CSharpParseOptions Parse { get; } = new(LanguageVersion.CSharp12, DocumentationMode.Diagnose);

    // The library is the one that this process runs on: against another build the attributes would still match, but their arguments would read as empty.
    private static readonly MetadataReference[] s_references =
    [
        .. Net100.References.All,
        MetadataReference.CreateFromFile(typeof(AttentionShape).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(System.Numerics.Tensors.Tensor).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(IVariant<,>).Assembly.Location),
    ];

    public static CSharpCompilation Of(string assemblyName, IEnumerable<(string Path, string Source)> sources) => CSharpCompilation.Create(
        assemblyName,
        sources.Select(file => Tree(file.Path, file.Source)),
        s_references,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            checkOverflow: true,
            allowUnsafe: false,
            generalDiagnosticOption: ReportDiagnostic.Error,
            warningLevel: 9999,
            nullableContextOptions: NullableContextOptions.Enable));

    public static SyntaxTree Tree(string path, string source) => CSharpSyntaxTree.ParseText(source, Parse, path);
}
