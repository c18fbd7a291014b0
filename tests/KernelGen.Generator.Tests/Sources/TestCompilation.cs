using System.Reflection;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests;

/// <summary>Compilations against the framework that KernelGen.dll itself was built for; any other leaves attribute arguments unbound.</summary>
internal static class TestCompilation
{
    public const LanguageVersion Language = LanguageVersion.CSharp12;

    private static readonly MetadataReference[] References =
    [
        .. Net100.References.All,
        MetadataReference.CreateFromFile(typeof(LinearAttentionAttribute).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(System.Numerics.Tensors.Tensor).Assembly.Location),
    ];

    /// <summary>Compiles; the sources may have errors.</summary>
    public static CSharpCompilation Unchecked(LanguageVersion language, params string[] sources) => CSharpCompilation.Create(
        "Declarations",
        sources.Select((source, i) => Parse(source, $"Input{i}.cs", language)),
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

    /// <summary>Compiles sources that must have no errors of the compiler's.</summary>
    public static CSharpCompilation Of(params string[] sources)
    {
        CSharpCompilation compilation = Unchecked(Language, sources);
        AssertCompiles(compilation);
        return compilation;
    }

    public static SyntaxTree Parse(string source, string path, LanguageVersion language = Language) =>
        CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(language), path);

    public static void AssertCompiles(Compilation compilation)
    {
        IEnumerable<Diagnostic> errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.True(!errors.Any(), string.Join('\n', errors));
    }

    /// <summary>The compiled code, loaded.</summary>
    public static Assembly Load(Compilation compilation)
    {
        using MemoryStream image = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return Assembly.Load(image.ToArray());
    }
}
