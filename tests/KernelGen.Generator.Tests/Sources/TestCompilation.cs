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

    // What all compilations derive from: those of the same references and name share the symbols of the framework, which are most of a small one's cost.
    private static readonly CSharpCompilation s_empty = CSharpCompilation.Create(
        "Declarations", [], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

    /// <summary>Compiles; the sources may have errors.</summary>
    public static CSharpCompilation Unchecked(LanguageVersion language, params string[] sources) =>
        s_empty.AddSyntaxTrees(sources.Select((source, i) => Parse(source, $"Input{i}.cs", language)));

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
