using KernelGen.Generator.Frontend;
using KernelGen.Generator.Plans.Dense;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests;

/// <summary>Declarations of dense layers and blocks: what is wrong with one is told at its exact place, and what is right has sound programs.</summary>
public class DenseDiagnosticsTests
{
    [Theory]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4)] class {|KG0001:A|} { }")]
    [InlineData("[LinearAttention(HeadDim = 64), {|KG0004:DenseLayer(Inputs = 4, Outputs = 4)|}] partial class A { }")]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4), {|KG0004:TransNormerBlock(EmbedDim = 8, Heads = 2, GluDim = 8)|}] partial class A { }")]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4)] partial class A { static void {|KG0010:Pack|}() { } int {|KG0010:Info|}; int Step; }")]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4, {|KG0011:Activation = (Activation)9|})] partial class A { }")]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4, {|KG0011:Norm = (InputNorm)2|})] partial class A { }")]
    [InlineData("[{|KG0030:DenseLayer(Inputs = 4)|}] partial class A { }")]
    [InlineData("[DenseLayer({|KG0031:Inputs = 0|}, {|KG0031:Outputs = 16385|})] partial class A { }")]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4, {|KG0032:DType = DType.BFloat16|})] partial class A { }")]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4, Norm = InputNorm.SimpleRms, {|KG0033:NormEpsilon = 0|})] partial class A { }")]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4, Norm = InputNorm.SimpleRms, {|KG0033:NormEpsilon = 1e-60|})] partial class A { }")]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4, {|KG0034:NormEpsilon = 1e-5|})] partial class A { }")]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4, {|KG0035:Activation = Activation.Silu|})] partial class A { [FeatureMap] static float F(float x) => x * x; }")]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4)] partial class A { [FeatureMap] static float F(float x) => x * x; [FeatureMap] static float {|KG0035:G|}(float x) => x; }")]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4)] partial class A { [FeatureMap] static double {|KG0009:F|}(float x) => x; }")]
    [InlineData("[DenseLayer(Inputs = 4, Outputs = 4, {|KG0302:InstructionSets = 0|})] partial class A { }")]
    [InlineData("[{|KG0030:TransNormerBlock(Heads = 2, GluDim = 8)|}] partial class A { }")]
    [InlineData("[TransNormerBlock(EmbedDim = 8, {|KG0036:Heads = 0|}, {|KG0031:GluDim = -1|})] partial class A { }")]
    [InlineData("[TransNormerBlock(EmbedDim = 8, {|KG0037:Heads = 3|}, GluDim = 8)] partial class A { }")]
    [InlineData("[TransNormerBlock(EmbedDim = 8, Heads = 3, {|KG0037:HeadDim = 1025|}, GluDim = 8)] partial class A { }")]
    [InlineData("[TransNormerBlock(EmbedDim = 8, Heads = 2, GluDim = 8)] partial class A { [FeatureMap] static float {|KG0038:F|}(float x) => x; }")]
    public async Task Parse_Fault_IsReportedAtItsPlace(string declarations) => await Analysis.Verify("using System; using KernelGen;\n" + declarations);

    [Theory]
    [InlineData("[DenseLayer(Inputs = 1, Outputs = 1)] partial class A { void Step() { } }")]
    [InlineData("[DenseLayer(Inputs = 7, Outputs = 9, Bias = true, Gated = true, Norm = InputNorm.SimpleRms, NormEpsilon = 1e-5)] partial class A { [FeatureMap] static float F(float x) => MathF.Max(x, 0f); }")]
    [InlineData("[TransNormerBlock(EmbedDim = 10, Heads = 3, HeadDim = 4, GluDim = 8, Bias = true, DType = DType.Float64)] partial class A { }")]
    public async Task Parse_CorrectDeclaration_IsSilent(string declarations) => await Analysis.Verify("using System; using KernelGen;\n" + declarations);

    [Theory]
    [InlineData("Inputs = 20, Outputs = 36")]
    [InlineData("Inputs = 900, Outputs = 36, Bias = true, Activation = Activation.Tanh")]
    [InlineData("Inputs = 20, Outputs = 36, Bias = true, Gated = true, Activation = Activation.Silu, Norm = InputNorm.SimpleRms, DType = DType.Float64")]
    public void Programs_OfALayer_HaveNoFaults(string arguments) => Assert.Empty(DensePlan.Build(Layer(arguments)).SelectMany(TileVerifier.Verify));

    [Fact]
    public void Programs_OfABlock_HaveNoFaults()
    {
        BlockSpec block = Block("EmbedDim = 12, Heads = 2, GluDim = 20, Bias = true");

        foreach (DenseSpec layer in new[] { block.Projection, block.Output, block.Glu, block.Down })
            Assert.Empty(DensePlan.Build(layer).SelectMany(TileVerifier.Verify));
        Assert.Equal(("silu(x)", 6), (block.Attention.KeyMap.Single().Text, block.Attention.HeadDim));
    }

    [Fact]
    public void Specs_OfEqualDeclarations_AreEqual()
    {
        Assert.Equal(Layer("Inputs = 20, Outputs = 36, Activation = Activation.Silu"), Layer("Outputs = 36, Activation = Activation.Silu, Inputs = 20, Bias = false"));
        Assert.NotEqual(Layer("Inputs = 20, Outputs = 36"), Layer("Inputs = 20, Outputs = 37"));
        Assert.Equal(Block("EmbedDim = 12, Heads = 2, GluDim = 20"), Block("EmbedDim = 12, Heads = 2, HeadDim = 6, GluDim = 20"));
    }

    private static DenseSpec Layer(string arguments) => Parsed($"[DenseLayer({arguments})] partial class A {{ }}", (type, attribute, compilation) =>
        DenseParser.Parse(type, attribute, compilation, isQuiet: true, CancellationToken.None).Spec!);

    private static BlockSpec Block(string arguments) => Parsed($"[TransNormerBlock({arguments})] partial class A {{ }}", (type, attribute, compilation) =>
        BlockParser.Parse(type, attribute, compilation, isQuiet: true, CancellationToken.None).Spec!);

    private static TSpec Parsed<TSpec>(string declaration, Func<INamedTypeSymbol, AttributeData, CSharpCompilation, TSpec> parse)
    {
        CSharpCompilation compilation = TestCompilation.Of("using KernelGen;\n" + declaration);
        INamedTypeSymbol type = compilation.GetTypeByMetadataName("A")!;
        return parse(type, Assert.Single(type.GetAttributes()), compilation);
    }
}
