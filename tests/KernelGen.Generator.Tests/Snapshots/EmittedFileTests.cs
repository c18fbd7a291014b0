using KernelGen.Variants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests.Snapshots;

/// <summary>A few whole files, of dims so small that a person can read them: how generated code looks to the user who opens it.</summary>
public class EmittedFileTests
{
    private static readonly string s_small = VariantTable.Class("Small", "LinearAttention(HeadDim = 16)");
    private static readonly string s_narrow = VariantTable.Class("Narrow", "LightningAttention(HeadDim = 12, DType = DType.BFloat16)");
    private static readonly string s_odd = VariantTable.Class("Odd", "LightningAttention(HeadDim = 3, ValueDim = 5)");

    [Fact]
    public void Compile_SmallDims_SurfaceAndVectorKernelsAreAsVerified() =>
        Verifier.Verify(Files(s_small, ".g.cs", ".Forward.Avx512.g.cs", ".Forward.Vector128.g.cs"));

    [Fact]
    public void Compile_SmallDims_BackwardKernelsAreAsVerified() =>
        Verifier.Verify(Files(s_small, ".Backward.Avx512.g.cs"));

    [Fact]
    public void Compile_TensorsInSixteenBits_SurfaceAndVectorKernelsAreAsVerified() =>
        Verifier.Verify(Files(s_narrow, ".g.cs", ".Forward.Avx2.g.cs"));

    [Fact]
    public void Compile_OddDims_ScalarKernelsAreAsVerified() =>
        Verifier.Verify(Files(s_odd, ".Forward.Scalar.g.cs"));

    /// <summary>The head with programs and schedules, the member, and what the runtime is told: the kernels themselves, all of it unrolled, are more than a person reads.</summary>
    [Fact]
    public void Compile_SmallDims_GpuHeadIsAsVerified()
    {
        GeneratorRun run = GeneratorRun.Of(s_small);

        string file = GpuCompiler.Write(run.Spec with { HasGpu = true });

        Verifier.Verify([(run.Spec.Type.HintName + ".Gpu.g.cs", file[..file.IndexOf("public static void", StringComparison.Ordinal)])]);
    }

    /// <summary>The same of 16-bit tensors, whose phases have two kernels.</summary>
    [Fact]
    public void Compile_TensorsInSixteenBits_GpuHeadIsAsVerified()
    {
        GeneratorRun run = GeneratorRun.Of(s_narrow);

        string file = GpuCompiler.Write(run.Spec with { HasGpu = true });

        Verifier.Verify([(run.Spec.Type.HintName + ".Gpu.g.cs", file[..file.IndexOf("public static void", StringComparison.Ordinal)])]);
    }

    /// <summary>A phase on tensor cores, the one without outputs: products of parts, results and states as a person may read them.</summary>
    [Fact]
    public void Compile_TensorsInSixteenBits_TensorKernelIsAsVerified()
    {
        GeneratorRun run = GeneratorRun.Of(s_narrow);

        string file = GpuCompiler.Write(run.Spec with { HasGpu = true }), begin = "/// <summary>State: see the program at the top of this file; products on tensor cores.</summary>";
        int first = file.IndexOf(begin, StringComparison.Ordinal);

        Verifier.Verify([(run.Spec.Type.HintName + ".Gpu.State.g.cs", file[first..file.IndexOf("/// <summary>", first + begin.Length, StringComparison.Ordinal)])]);
    }

    [Fact]
    public void Compile_DenseLayer_SurfaceAndVectorKernelsAreAsVerified()
    {
        CSharpCompilation compilation = TestCompilation.Of(VariantTable.Class("Layer", "DenseLayer(Inputs = 20, Outputs = 36, Bias = true, Activation = Activation.Silu, Norm = InputNorm.SimpleRms)"));

        GeneratorRunResult run = Analysis.Driver().RunGenerators(compilation).GetRunResult().Results.Single();

        Verifier.Verify(run.GeneratedSources
            .Where(file => file.HintName.EndsWith(".Dense.Avx2.g.cs", StringComparison.Ordinal) || !file.HintName.Contains(".Dense.", StringComparison.Ordinal))
            .Select(file => (file.HintName, file.SourceText.ToString())));
    }

    private static IEnumerable<(string HintName, string Source)> Files(string declaration, params string[] suffixes)
    {
        GeneratorRun run = GeneratorRun.Of(declaration);
        return suffixes
            .Select(suffix => run.Files.Single(file => file.HintName == run.Spec.Type.HintName + suffix))
            .Select(file => (file.HintName, file.SourceText.ToString()));
    }
}
