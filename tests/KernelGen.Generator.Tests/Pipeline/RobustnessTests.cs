using System.Globalization;
using KernelGen.Generator.Spec;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace KernelGen.Generator.Tests;

/// <summary>Neither half ever throws, whatever is typed; and neither depends on the machine's culture.</summary>
public class RobustnessTests
{
    private const string Source = """
        using System;
        using KernelGen;
        namespace App;
        partial class Outer<T>
        {
            [LinearAttention(HeadDim = 64, DType = DType.Float32, Scale = -0.25, Epsilon = 1.5e-3, InstructionSets = InstructionSets.Avx2 | InstructionSets.Avx512)]
            internal static partial class Attention
            {
                const float Half = 0.5f;
                [FeatureMap]
                static float Phi(float x)
                {
                    const float one = 1f;
                    float y = MathF.Max(x, -3f), z;
                    if (x > 0f && !(x >= 9f)) { y += one; } else if (x is < -2f or float.NaN) return Square(y);
                    z = x switch { > 2f => Half, var w when w < 1f => -w, _ => (float)Math.Pow(y, 2) };
                    return z > y ? z : Local(y, b: 2f);
                    static float Local(float a, float b) => a / b;
                }
                static float Square(float v) => v * v;
            }
        }
        """;

    [Fact]
    public async Task Run_WithEachTokenDeleted_NeverThrows() => await RunAll(Tokens().Select(token => Source.Remove(token.Start, token.Length)));

    [Fact]
    public async Task Run_WithEachTokenDoubled_NeverThrows() => await RunAll(Tokens().Select(token => $"{Source[..token.End]} {Source[token.Start..]}"));

    [Fact]
    public async Task Run_WithTheEndCutOff_NeverThrows() => await RunAll(Tokens().Select(token => Source[..token.Start]));

    [Theory]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class { }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A<> { }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial struct A { }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial record struct A { }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial interface A { }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] enum A { }")]
    [InlineData("[KernelGen.LinearAttention(8)] partial class A { }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8, HeadDim = 9)] partial class A { }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = (int)8.5, Scale = null, DType = \"x\")] partial class A { }")]
    [InlineData("[KernelGen.LinearAttention<int>(HeadDim = 8)] partial class A { }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { } [KernelGen.LinearAttention(HeadDim = 9)] partial class A { }")]
    [InlineData("[assembly: KernelGen.LinearAttention(HeadDim = 8)]")]
    [InlineData("[KernelGen.FeatureMap] class A { [KernelGen.FeatureMap] int Property { [KernelGen.FeatureMap] get; } void F() { [KernelGen.FeatureMap] static float G(float x) => x; } }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { [KernelGen.FeatureMap] static float Phi(float x) => Phi2(x); static float Phi2(params float[] x) => x[0]; }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { [KernelGen.FeatureMap] static float Phi(float x) => x switch { }; }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { [KernelGen.FeatureMap] static float Phi(float x) { } }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { [KernelGen.FeatureMap] static float Phi(float x); }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { [KernelGen.FeatureMap] static partial float Phi(float x); }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { [KernelGen.FeatureMap] static float Phi(float x) { yield return x; } }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { [KernelGen.FeatureMap] static async float Phi(float x) { await x; return x; } }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { [KernelGen.FeatureMap] static dynamic Phi(dynamic x) => x; }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { [KernelGen.FeatureMap] static float Phi(float x) { dynamic y = x; return y; } }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { [KernelGen.FeatureMap] static float Phi(float x) { float a = 1, b; (a, b) = (x, a); return a; } }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { [KernelGen.FeatureMap] static float Phi(float x) => x!.GetHashCode() + ((float?)x ?? 1f) + checked((float)x) + nameof(x).Length; }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A { [KernelGen.FeatureMap] static float Phi(float x) { return x; return x; x += 1; } }")]
    [InlineData("[KernelGen.LinearAttention(HeadDim = 8)] partial class A : A { [KernelGen.FeatureMap] static float Phi(float x) => base.Phi(x); }")]
    public async Task Run_OddSources_NeverThrows(string source) => await RunAll([source]);

    [Fact]
    public void Parse_UnderAnotherCulture_GivesTheSameSpec()
    {
        KernelSpec expected = Declarations.Spec(Source);
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Cultures.Odd;
        try
        {
            KernelSpec actual = Declarations.Spec(Source);
            Assert.Equal(expected, actual);
            Assert.Equal(expected.Equation, actual.Equation);
            Assert.Contains("-0.25 (phi(q_t)", actual.Equation, StringComparison.Ordinal);
            Assert.DoesNotContain("\u2212", actual.Equation, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Driver_WithoutTheRuntimeLibrary_DoesNothing()
    {
        CSharpCompilation compilation = CSharpCompilation.Create("Empty", [TestCompilation.Parse(Source, "Input.cs")]);
        GeneratorDriverRunResult result = Analysis.Driver().RunGenerators(compilation).GetRunResult();
        Assert.Empty(result.GeneratedTrees);
        Assert.Empty(result.Diagnostics);
    }

    private static IEnumerable<TextSpan> Tokens() =>
        CSharpSyntaxTree.ParseText(Source).GetRoot().DescendantTokens().Where(token => token.Span.Length > 0).Select(token => token.Span);

    // One driver for all, as in an editor: each source is an edit of the last.
    private static async Task RunAll(IEnumerable<string> sources)
    {
        CSharpCompilation compilation = TestCompilation.Unchecked(TestCompilation.Language, "");
        GeneratorDriver driver = Analysis.Driver();
        foreach (string source in sources)
        {
            compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], TestCompilation.Parse(source, "Input0.cs"));
            driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
            GeneratorRunResult result = Assert.Single(driver.GetRunResult().Results);
            Assert.True(result.Exception is null, source + "\n" + result.Exception);
            Assert.Empty(result.Diagnostics);
            await Analysis.Analyze(output, compilation);
        }
    }
}
