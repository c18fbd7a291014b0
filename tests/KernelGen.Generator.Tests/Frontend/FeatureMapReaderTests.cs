using System.Reflection;
using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;

namespace KernelGen.Generator.Tests;

/// <summary>A map read from C# computes what the C# method computes, and reads as expected.</summary>
public class FeatureMapReaderTests
{
    private static readonly double[] Inputs =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 0.25, -0.75, 1.5, -1.5, 2, -2, 2.5, 3, -3, 3.75, 7, -7, 10, -10, 20, -20, 60, -60, 87, -87,
        1e-3, -1e-3, 1e-20, -1e-20, 1e5, -1e5, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    [Theory]
    [InlineData("static float Phi(float x) => x > 0f ? x + 1f : MathF.Exp(x);", "x > 0 ? x + 1 : exp(x)")]
    [InlineData("static float Phi(float x) { if (x > 0f) { return x + 1f; } else { return MathF.Exp(x); } }", "x > 0 ? x + 1 : exp(x)")]
    [InlineData("static float Phi(float x) { if (x > 0f) return x + 1f; return MathF.Exp(x); }", "x > 0 ? x + 1 : exp(x)")]
    [InlineData("static float Phi(float x) { float y = MathF.Exp(x); if (x > 0f) y = x + 1f; return y; }", "x > 0 ? x + 1 : exp(x)")]
    [InlineData("static float Phi(float x) { float y; if (x > 0f) y = x + 1f; else y = MathF.Exp(x); return y; }", "x > 0 ? x + 1 : exp(x)")]
    [InlineData("static float Phi(float x) => x switch { > 0f => x + 1f, _ => MathF.Exp(x) };", "x > 0 ? x + 1 : exp(x)")]
    [InlineData("static float Phi(float x) => x is > 0f ? x + 1f : MathF.Exp(x);", "x > 0 ? x + 1 : exp(x)")]
    [InlineData("static float Phi(float x) => (float)(x > 0 ? x + 1.0 : Math.Exp(x));", "x > 0 ? x + 1 : exp(x)")]
    [InlineData("const float One = 1f; static float Phi(float x) => x > 0 ? x + One : MathF.Exp(x);", "x > 0 ? x + 1 : exp(x)")]
    [InlineData("static float Phi(float x) { const int zero = 0; const float one = 2f - 1f; return x > zero ? x + one : MathF.Exp(x); }", "x > 0 ? x + 1 : exp(x)")]
    [InlineData("static float Phi(float x) => Elu(x) + 1f; static float Elu(float x) => x > 0f ? x : MathF.Exp(x) - 1f;", "(x > 0 ? x : exp(x) - 1) + 1")]
    [InlineData("static float Phi(float x) => MathF.Max(x, 0f);", "max(x, 0)")]
    [InlineData("static float Phi(float x) => x > 0 ? 1 : 0;", "x > 0 ? 1 : 0")]
    [InlineData("static float Phi(float x) => (((x * x)));", "x * x")]
    [InlineData("static float Phi(float x) { x *= x; x += 1f; x -= 2f; x /= 3f; return x; }", "(x * x + 1 - 2) / 3")]
    [InlineData("static float Phi(float x) { x = MathF.Abs(x); x++; --x; return x; }", "abs(x) + 1 - 1")]
    [InlineData("static float Phi(float x) => -(+x);", "-x")]
    [InlineData("static float Phi(float x) => MathF.Sqrt(MathF.Abs(x)) * 0.1f;", "sqrt(abs(x)) * 0.1f")]
    [InlineData("static float Phi(float x) => MathF.Log(1f + MathF.Exp(x));", "log(1 + exp(x))")]
    [InlineData("static float Phi(float x) => 1f / (1f + MathF.Exp(-x));", "1 / (1 + exp(-x))")]
    [InlineData("static float Phi(float x) => MathF.Sin(x) + MathF.Cos(x) - MathF.Tanh(x);", "sin(x) + cos(x) - tanh(x)")]
    [InlineData("static float Phi(float x) => MathF.Floor(x) + MathF.Ceiling(x) + MathF.Truncate(x) + MathF.Round(x);", "floor(x) + ceiling(x) + truncate(x) + round(x)")]
    [InlineData("static float Phi(float x) => float.Min(x, 1f) + Math.Max(x, -1f);", "min(x, 1) + max(x, -1)")]
    [InlineData("static float Phi(float x) => Math.Clamp(x, -1f, 2f);", "x < -1 ? -1 : x > 2 ? 2 : x")]
    [InlineData("static float Phi(float x) => MathF.FusedMultiplyAdd(x, x, 1f);", "fma(x, x, 1)")]
    [InlineData("static float Phi(float x) => MathF.Pow(x, 2);", "x * x")]
    [InlineData("static float Phi(float x) => MathF.Pow(x, 5);", "x * x * (x * x) * x")]
    [InlineData("static float Phi(float x) => MathF.Pow(x, -2f);", "1 / (x * x)")]
    [InlineData("static float Phi(float x) => MathF.Pow(MathF.Abs(x), 1.5f);", "abs(x) * sqrt(abs(x))")]
    [InlineData("static float Phi(float x) => MathF.Pow(MathF.Abs(x), 0.5f) + (float)Math.Pow(x, 0);", "sqrt(abs(x)) + 1")]
    [InlineData("static float Phi(float x) => x > -1f && x < 1f || x == 3f ? 1f : 2f;", "x > -1 && x < 1 || x == 3 ? 1 : 2")]
    [InlineData("static float Phi(float x) => x > -1f & !(x >= 1f) ? 1f : 2f;", "x > -1 && !(x >= 1) ? 1 : 2")]
    [InlineData("static float Phi(float x) => x != x ? 0f : x;", "x != x ? 0 : x")]
    [InlineData("static float Phi(float x) => float.IsNaN(x) || float.IsInfinity(x) ? 0f : x;", "x != x || abs(x) == Infinity ? 0 : x")]
    [InlineData("static float Phi(float x) => float.IsFinite(x) ? x : 0f;", "abs(x) < Infinity ? x : 0")]
    [InlineData("static float Phi(float x) { bool big = x > 2f; bool small = x < -2f; return big ^ small ? 2f : x; }", "x > 2 && !(x < -2) || !(x > 2) && x < -2 ? 2 : x")]
    [InlineData("static float Phi(float x) => Big(x, 2f) ? 2f : x; static bool Big(float x, float limit) => x > limit || x < -limit;", "x > 2 || x < -2 ? 2 : x")]
    [InlineData("static float Phi(float x) => Mix(b: x, a: 2f); static float Mix(float a, float b) => a - b;", "2 - x")]
    [InlineData("static float Phi(float x) => Leaky(x); static float Leaky(float x, float slope = 0.5f) => x > 0 ? x : slope * x;", "x > 0 ? x : 0.5 * x")]
    [InlineData("static float Phi(float x) { return Twice(x) + Twice(1f); static float Twice(float y) => y + y; }", "x + x + 2")]
    [InlineData("static float Phi(float x) => x switch { < -1f => -1f, > 1f and < 3f => 1f, 5f or float.NaN => 0f, not (>= 0f) when x < -0.5f => 2f, var y => y * y };", "x < -1 ? -1 : x > 1 && x < 3 ? 1 : x == 5 || x != x ? 0 : !(x >= 0) && x < -0.5 ? 2 : x * x")]
    [InlineData("static float Phi(float x) => (x > 0f) switch { true => x, false => -x };", "x > 0 ? x : -x")]
    [InlineData("static float Phi(float x) { if (x < 0f) { if (x < -1f) return 1f; x = -x; } else if (x > 5f) { return 5f; } return x; }", "x < 0 && x < -1 || !(x < 0) && x > 5 ? (x < 0 ? 1 : 5) : x < 0 ? -x : x")]
    [InlineData("static float Phi(float x) { if (true) return x * 2f; }", "x * 2")]
    [InlineData("static float Phi(float x) => x / 4f + MathF.PI * 0f;", "x * 0.25")]
    [InlineData("static float Phi(float x) { checked { { float y = x; ; return y + default(float); } } }", "x")]
    [InlineData("static float Phi(float x) => (float)(double)x * (float)1.5 * (int)2;", "x * 1.5 * 2")]
    public void Read_Single_HasTextAndValues(string members, string text) => Check(members, "HeadDim = 64", text, 3e-6);

    [Theory]
    [InlineData("static float Phi(float x) => MathF.Sinh(x);", 3e-6)]
    [InlineData("static float Phi(float x) => MathF.Cosh(x);", 3e-6)]
    [InlineData("static double Phi(double x) => Math.Sinh(x) + Math.Cosh(0.5 * x);", 1e-14)]
    [InlineData("static double Phi(double x) => double.Tanh(x) * 0.1 + Math.Exp(-x * x) + 1e-3;", 1e-14)]
    [InlineData("static double Phi(double x) { double y = x; if (x > 0) y = 2; else if (x < -1) y += 1; return y * (float)0.5; }", 1e-14)]
    public void Read_Compositions_HaveValues(string members, double tolerance) =>
        Check(members, members.Contains("static double Phi", StringComparison.Ordinal) ? "HeadDim = 64, DType = DType.Float64" : "HeadDim = 64", null, tolerance);

    [Fact]
    public void Read_MethodInAnotherPartialFile_UsesItsOwnSemanticModel()
    {
        string[] sources =
        [
            "using KernelGen; namespace App; [LinearAttention(HeadDim = 8)] partial class A { }",
            "using KernelGen; using static System.MathF; namespace App; partial class A { [FeatureMap] private static float Phi(float x) => Other.Twice(Exp(x)); }",
            "namespace App; static class Other { public const float Two = 2; internal static float Twice(float x) => Two * x; }",
        ];
        Assert.Equal("2 * exp(x)", TextOf(Declarations.Spec(sources)));
    }

    [Fact]
    public void Read_PartialMethod_UsesItsImplementation()
    {
        const string Source = """
            using KernelGen;
            [LinearAttention(HeadDim = 8)]
            partial class A
            {
                [FeatureMap] private static partial float Phi(float x);
                private static partial float Phi(float x) => x * x;
            }
            """;
        Assert.Equal("x * x", TextOf(Declarations.Spec(Source)));
    }

    [Fact]
    public void Read_Identity_HasNoStage()
    {
        KernelSpec spec = Declarations.Spec(Declarations.WithMap("[FeatureMap] static float Phi(float x) => 1f * x;"));
        Assert.Empty(spec.QueryMap);
        Assert.Empty(spec.KeyMap);
    }

    private static void Check(string members, string arguments, string? text, double tolerance)
    {
        string source = Declarations.WithMap(Marked(members), arguments);
        KernelSpec spec = Declarations.Spec(source);
        FeatureStage.Pointwise? stage = (FeatureStage.Pointwise?)spec.QueryMap.SingleOrDefault();
        Expr map = stage?.Map ?? new Expr.Arg(0);
        if (text is not null)
            Assert.Equal(text, stage?.Text ?? "x");
        Assert.Equal(spec.QueryMap, spec.KeyMap);

        MethodInfo method = TestCompilation.Load(TestCompilation.Of(source)).GetType("App.Attention")!
            .GetMethod("Phi", BindingFlags.Static | BindingFlags.NonPublic)!;
        bool isSingle = spec.ElementType == ElementType.Float32;
        foreach (double input in Inputs)
        {
            double x = isSingle ? (float)input : input;
            double expected = isSingle ? method.CreateDelegate<Func<float, float>>()((float)x) : method.CreateDelegate<Func<double, double>>()(x);
            double actual = ExprEvaluator.Evaluate(map, x, isSingle ? value => (float)value : null);
            AssertClose(expected, actual, tolerance, $"Phi({NumberText.Of(x)})");
        }
    }

    // Sin and cos of large arguments are exact in both, but the two differ by rounding wherever terms cancel.
    private static void AssertClose(double expected, double actual, double tolerance, string what)
    {
        if (double.IsNaN(expected) || double.IsInfinity(expected))
            Assert.True(expected.Equals(actual), $"{what}: expected {expected}, was {actual}");
        else
            Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Max(Math.Abs(expected), tolerance), $"{what}: expected {expected:R}, was {actual:R}");
    }

    private static string Marked(string members) => members.Replace("static float Phi", "[FeatureMap] static float Phi", StringComparison.Ordinal)
        .Replace("static double Phi", "[FeatureMap] static double Phi", StringComparison.Ordinal);

    private static string TextOf(KernelSpec spec) => Assert.IsType<FeatureStage.Pointwise>(Assert.Single(spec.QueryMap)).Text;
}
