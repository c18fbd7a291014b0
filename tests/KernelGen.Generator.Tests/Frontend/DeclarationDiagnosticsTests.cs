using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests;

/// <summary>Diagnostics of attributes and classes: each at its exact place.</summary>
public class DeclarationDiagnosticsTests
{
    [Theory]
    [InlineData("[LinearAttention(HeadDim = 64)] class {|KG0001:A|} { }")]
    [InlineData("[LightningAttention(HeadDim = 64)] sealed class {|KG0001:A|} { }")]
    [InlineData("class Outer { struct Inner { [LinearAttention(HeadDim = 64)] partial class {|KG0002:{|KG0002:A|}|} { } } }")]
    [InlineData("partial interface I { record R { [LinearAttention(HeadDim = 64)] class {|KG0001:{|KG0002:A|}|} { } } }")]
    [InlineData("[LinearAttention(HeadDim = 64)] file partial class {|KG0003:A|} { }")]
    [InlineData("file partial class Outer { [LinearAttention(HeadDim = 64)] partial class {|KG0003:A|} { } }")]
    [InlineData("[LinearAttention(HeadDim = 64), {|KG0004:LightningAttention(HeadDim = 64)|}] partial class A { }")]
    [InlineData("[LightningAttention(HeadDim = 64)] partial class A { } [{|KG0004:LinearAttention(HeadDim = 64)|}] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64)] partial class A { [FeatureMap] static float F(float x) => MathF.Abs(x); [FeatureMap] static float {|KG0005:G|}(float x) => x; }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0006:FeatureMap = FeatureMap.EluPlusOne|})] partial class A { [FeatureMap] static float F(float x) => MathF.Abs(x); }")]
    [InlineData("class A { [FeatureMap] static float {|KG0007:F|}(float x) => x; }")]
    [InlineData("[LinearAttention(HeadDim = 64)] partial class Outer { class A { [FeatureMap] static float {|KG0007:F|}(float x) => x; } }")]
    [InlineData("[LightningAttention(HeadDim = 64)] partial class A { [FeatureMap] static float {|KG0008:F|}(float x) => x; }")]
    [InlineData("[LinearAttention(HeadDim = 64)] partial class A { [FeatureMap] float {|KG0009:F|}(float x) => MathF.Abs(x); }")]
    [InlineData("[LinearAttention(HeadDim = 64)] partial class A { [FeatureMap] static float {|KG0009:F|}<T>(float x) => MathF.Abs(x); }")]
    [InlineData("[LinearAttention(HeadDim = 64)] partial class A { [FeatureMap] static double {|KG0009:F|}(float x) => MathF.Abs(x); }")]
    [InlineData("[LinearAttention(HeadDim = 64)] partial class A { [FeatureMap] static float F(double {|KG0009:x|}) => (float)Math.Abs(x); }")]
    [InlineData("[LinearAttention(HeadDim = 64)] partial class A { [FeatureMap] static float F(in float {|KG0009:x|}) => MathF.Abs(x); }")]
    [InlineData("[LinearAttention(HeadDim = 64)] partial class A { [FeatureMap] static float {|KG0009:F|}(float x, float y) => MathF.Abs(x); }")]
    [InlineData("[LinearAttention(HeadDim = 64)] partial class A { [FeatureMap] static float {|KG0009:F|}() => 1f; }")]
    [InlineData("[LinearAttention(HeadDim = 64, DType = DType.Float64)] partial class A { [FeatureMap] static float {|KG0009:F|}(float {|KG0009:x|}) => x; }")]
    [InlineData("[LinearAttention(HeadDim = 64, DType = DType.Float16)] partial class A { [FeatureMap] static Half {|KG0009:F|}(Half {|KG0009:x|}) => x; }")]
    [InlineData("[LinearAttention(HeadDim = 64, DType = DType.BFloat16)] partial class A { [FeatureMap] static double {|KG0009:F|}(double {|KG0009:x|}) => x; }")]
    [InlineData("[LinearAttention(HeadDim = 64)] partial class A { static void {|KG0010:Forward|}() { } int {|KG0010:Info|}; class {|KG0010:Step|} { } static int Other; }")]
    [InlineData("[LinearAttention(HeadDim = 64)] partial class {|KG0010:Step|} { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0011:FeatureMap = (FeatureMap)7|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0011:DType = (DType)(-1)|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0011:Decay = (Decay)5|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0011:InstructionSets = (InstructionSets)16|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, Normalize = false, {|KG0012:Epsilon = 1e-3|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, Causal = false, {|KG0013:Decay = Decay.PerHead|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, Causal = false, {|KG0013:Decay = Decay.PerToken|})] partial class A { }")]
    [InlineData("[LightningAttention(HeadDim = 64, {|KG0014:Causal = false|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0015:Epsilon = -1|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0015:Epsilon = double.NaN|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0015:Epsilon = double.PositiveInfinity|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0016:Scale = 0|})] partial class A { }")]
    [InlineData("[LightningAttention(HeadDim = 64, {|KG0016:Scale = double.NaN|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0016:Scale = 1e300|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, Scale = 1e300, DType = DType.Float64)] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, {|KG0017:FeatureEpsilon = -1e-3|})] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, {|KG0017:FeatureEpsilon = double.PositiveInfinity|})] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, Causal = false, {|KG0018:Stabilizer = Stabilizer.RunningMaximum|})] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, {|KG0019:Stabilizer = Stabilizer.SequenceMaximum|})] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, {|KG0011:Kernel = (PerformerKernel)5|})] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, {|KG0011:Stabilizer = (Stabilizer)3|})] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, Kernel = PerformerKernel.Trigonometric, {|KG0020:FeatureEpsilon = 1e-3|})] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, Kernel = PerformerKernel.RandomFourier, {|KG0020:Stabilizer = Stabilizer.None|})] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, {|KG0020:Smoothing = 1|})] partial class A { }")]
    [InlineData("[HedgehogAttention(HeadDim = 64, Map = HedgehogMap.Relu, {|KG0020:HalfSpace = true|})] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, Kernel = PerformerKernel.RandomFourier, {|KG0021:Smoothing = double.PositiveInfinity|})] partial class A { }")]
    [InlineData("[RandomFeatureAttention(HeadDim = 64, {|KG0022:Temperature = 0|})] partial class A { }")]
    [InlineData("[RandomFeatureAttention(HeadDim = 64, {|KG0205:Features = -1|})] partial class A { }")]
    [InlineData("[RandomFeatureAttention(HeadDim = 64, Causal = false, {|KG0013:Decay = Decay.Convex|})] partial class A { }")]
    [InlineData("[HedgehogAttention(HeadDim = 64, {|KG0017:FeatureFloor = -1|})] partial class A { }")]
    [InlineData("[HedgehogAttention(HeadDim = 64)] partial class A { [FeatureMap] static float {|KG0008:F|}(float x) => x; }")]
    [InlineData("[PerformerAttention(HeadDim = 64, {|KG0011:EpsilonRule = (EpsilonRule)5|})] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64)] partial class A { [FeatureMap] static float {|KG0008:F|}(float x) => MathF.Abs(x); }")]
    [InlineData("[PerformerAttention(HeadDim = 64, {|KG0205:Features = -1|})] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, {|KG0205:Features = 4097|})] partial class A { }")]
    [InlineData("[{|KG0201:LinearAttention|}] partial class A { }")]
    [InlineData("[{|KG0201:LightningAttention(ValueDim = 3)|}] partial class A { }")]
    [InlineData("[LinearAttention({|KG0202:HeadDim = 0|})] partial class A { }")]
    [InlineData("[LinearAttention({|KG0202:HeadDim = -5|}, {|KG0203:ValueDim = 1025|}, {|KG0204:ChunkSize = 17|})] partial class A { }")]
    [InlineData("[LinearAttention({|KG0202:HeadDim = 1025|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0203:ValueDim = -1|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0204:ChunkSize = 144|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0204:ChunkSize = -16|})] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, {|KG0302:InstructionSets = 0|})] partial class A { }")]
    public async Task Parse_Fault_IsReportedAtItsPlace(string declarations) => await Analysis.Verify("using System; using KernelGen;\n" + declarations);

    [Theory]
    [InlineData("[LinearAttention(HeadDim = 1)] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 1024, ValueDim = 1024, ChunkSize = 128, Epsilon = 0, Scale = -2, Causal = false)] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, Causal = false, Decay = Decay.None)] partial class A { }")]
    [InlineData("[LinearAttention(HeadDim = 64, ChunkSize = LinearAttentionAttribute.Auto, InstructionSets = InstructionSets.Avx2 | InstructionSets.Avx512)] partial class A { }")]
    [InlineData("[LightningAttention(HeadDim = 64, Decay = Decay.None)] partial class A { }")]
    [InlineData("[LightningAttention(HeadDim = 64, Decay = Decay.PerToken)] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 1)] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, Causal = false, Features = 256)] partial class A { }")]
    [InlineData("[PerformerAttention(HeadDim = 64, Kernel = PerformerKernel.Generalized)] partial class A { [FeatureMap] static float F(float x) => MathF.Abs(x); }")]
    [InlineData("[LinearAttention(HeadDim = 64)] partial class A { } partial class A { } class B { void Forward() { } int Info; }")]
    [InlineData("class Other { [Obsolete] static void F() { } } [Serializable] class Plain { }")]
    public async Task Parse_CorrectDeclaration_IsSilent(string declarations) => await Analysis.Verify("using System; using KernelGen;\n" + declarations);

    [Fact]
    public async Task Parse_OldLanguage_IsReported()
    {
        const string Source = "using KernelGen;\n[LinearAttention(HeadDim = 64)] partial class {|KG0301:A|} { }";
        Diagnostic found = Assert.Single(await Analysis.Verify(LanguageVersion.CSharp11, compiles: true, Source));
        Assert.Equal("Generated code needs C# 12.0 or later, but this project uses C# 11.0; set LangVersion", found.GetMessage(null));
    }

    [Fact]
    public async Task Parse_AttributeOfTheSameNameElsewhere_IsNotOurs() => await Analysis.Verify("""
        namespace Mine;
        class LinearAttentionAttribute : System.Attribute { public int HeadDim; }
        [LinearAttention(HeadDim = -1)] class A { }
        """);

    [Fact]
    public async Task Parse_ErrorOfTheCompiler_IsNotRepeated() => await Analysis.Verify(TestCompilation.Language, compiles: false, """
        using KernelGen;
        [LinearAttention(HeadDim = "64")] partial class A { }
        [LinearAttention(HeadDim = Missing)] partial class B { }
        [LinearAttention(HeadDim = 64, Unknown = 1)] partial class C { }
        [LinearAttention(HeadDim = 64), LinearAttention(HeadDim = 32)] partial class D { }
        [LinearAttention(HeadDim = 64)] partial class E { [FeatureMap] static float Phi(float x) => missing + x; }
        [LinearAttention(HeadDim = 64)] partial class F { [FeatureMap] static float Phi(float x) { float y; return y; } }
        [LinearAttention(HeadDim = 64)] partial class G { [FeatureMap] static float Phi(float x) { if (x > 0) return 1f; } }
        """);

    [Fact]
    public async Task Report_Suppression_Works()
    {
        (string[] sources, _) = Markup.Read("""
            using KernelGen;
            #pragma warning disable KG0302
            [LinearAttention(HeadDim = 64, InstructionSets = 0)] partial class A { }
            """);
        CSharpCompilation compilation = TestCompilation.Of(sources);
        Assert.DoesNotContain(await Analysis.Analyze(compilation, compilation), diagnostic => !diagnostic.IsSuppressed);
    }

    [Fact]
    public async Task Message_SaysWhatWasExpectedAndWhatCame()
    {
        IReadOnlyList<Diagnostic> found = await Analysis.Verify(
            "using KernelGen;\n[LinearAttention({|KG0202:HeadDim = 2000|}, {|KG0204:ChunkSize = 20|})] partial class A { [FeatureMap] static float Phi(double {|KG0009:x|}) => (float)x; }");
        Assert.Equal(
            [
                "HeadDim must be from 1 to 1024, but is 2000",
                "ChunkSize must be Auto (0) or a multiple of 16 from 16 to 128, but is 20",
                "A feature map of this declaration must be 'static float Phi(float x)', but its parameter is double",
            ],
            found.Select(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
    }
}
