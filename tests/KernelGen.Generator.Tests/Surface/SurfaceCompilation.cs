using Basic.Reference.Assemblies;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Surface;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests.Surface;

/// <summary>Compiles a written surface as the strictest project would.</summary>
internal static class SurfaceCompilation
{
    public static CSharpCompilation Compile(string sample)
    {
        KernelSpec spec = SurfaceSamples.Of(sample);
        string[] sources = [SurfaceWriter.Write(spec, SurfaceSamples.Model(spec)), SurfaceSamples.StubKernels(spec), SurfaceSamples.UserCode(sample)];
        var parse = new CSharpParseOptions(LanguageVersion.CSharp12, DocumentationMode.Diagnose);
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            checkOverflow: true,
            allowUnsafe: false,
            generalDiagnosticOption: ReportDiagnostic.Error,
            warningLevel: 9999,
            nullableContextOptions: NullableContextOptions.Enable);
        return CSharpCompilation.Create(
            "Surface." + sample,
            sources.Select(source => CSharpSyntaxTree.ParseText(source, parse)),
            [
                .. Net100.References.All,
                MetadataReference.CreateFromFile(typeof(AttentionShape).Assembly.Location),
                MetadataReference.CreateFromFile(typeof(System.Numerics.Tensors.Tensor).Assembly.Location),
            ],
            options);
    }

    /// <summary>Diagnostics with the source line each is about.</summary>
    public static string Report(CSharpCompilation compilation) =>
        string.Join("\n", compilation.GetDiagnostics().Select(d => $"{d}\n    {d.Location.SourceTree?.GetText().Lines[d.Location.GetLineSpan().StartLinePosition.Line]}"));
}
