using KernelGen.Generator.Frontend;
using KernelGen.Generator.Spec;

namespace KernelGen.Generator.Tests;

/// <summary>Arguments and defaults, as they arrive in the spec.</summary>
public class DeclarationParserTests
{
    [Fact]
    public void Parse_LinearDefaults_AreTheAttributes()
    {
        KernelSpec spec = Parse("[LinearAttention(HeadDim = 48)]");
        LinearAttentionAttribute attribute = new();
        Assert.Equal("linear_transformer", spec.System);
        Assert.Equal(PlanKind.KernelState, spec.Plan);
        Assert.Equal(48, spec.HeadDim);
        Assert.Equal(48, spec.ValueDim);
        Assert.Equal(16, spec.ChunkSize);
        Assert.Equal("x > 0 ? x + 1 : exp(x)", Assert.IsType<FeatureStage.Pointwise>(Assert.Single(spec.QueryMap)).Text);
        Assert.Equal(attribute.Normalize, spec.Normalizer is not null);
        Assert.Equal(attribute.Epsilon, spec.Normalizer!.Epsilon);
        AssertCommonDefaults(attribute, spec);
        Assert.Equal((int)attribute.Decay, (int)spec.Decay);
        Assert.Equal(
            "o_t = sum_{s <= t} (phi(q_t).phi(k_s)) v_s / (sum_{s <= t} (phi(q_t).phi(k_s)) + 1E-06), phi(x) = x > 0 ? x + 1 : exp(x)",
            spec.Equation);
    }

    [Fact]
    public void Parse_LightningDefaults_AreTheAttributes()
    {
        KernelSpec spec = Parse("[LightningAttention(HeadDim = 64)]");
        LightningAttentionAttribute attribute = new();
        Assert.Equal("lightning2", spec.System);
        Assert.Equal(16, spec.ChunkSize);
        Assert.Empty(spec.QueryMap);
        Assert.Null(spec.Normalizer);
        AssertCommonDefaults(attribute, spec);
        Assert.Equal((int)attribute.Decay, (int)spec.Decay);
        Assert.Equal("o_t = sum_{s <= t} exp(-slope (t - s)) (q_t.k_s) v_s", spec.Equation);
    }

    [Fact]
    public void Parse_EveryArgument_ArrivesInTheSpec()
    {
        KernelSpec spec = Parse(
            "[LinearAttention(HeadDim = 3 * 8, ValueDim = 40, Causal = false, ChunkSize = 64, DType = DType.Float64, Scale = 0.5, FeatureMap = FeatureMap.Identity, Epsilon = 1e-3, InstructionSets = InstructionSets.Avx512)]");
        Assert.Equal(24, spec.HeadDim);
        Assert.Equal(40, spec.ValueDim);
        Assert.False(spec.Causal);
        Assert.Equal(64, spec.ChunkSize);
        Assert.Equal(ElementType.Float64, spec.ElementType);
        Assert.Equal(0.5, spec.Scale);
        Assert.Empty(spec.KeyMap);
        Assert.Equal(1e-3, spec.Normalizer!.Epsilon);
        Assert.Equal((int)(InstructionSets.Avx512 | InstructionSets.Scalar), spec.InstructionSets);
        Assert.Equal("o_t = sum_s 0.5 (q_t.k_s) v_s / (sum_s 0.5 (q_t.k_s) + 0.001)", spec.Equation);

        Assert.Equal(DecayKind.PerHead, Parse("[LinearAttention(HeadDim = 64, Decay = Decay.PerHead, Normalize = false)]").Decay);
        Assert.Null(Parse("[LinearAttention(HeadDim = 64, Normalize = false)]").Normalizer);
        Assert.Equal((int)InstructionSets.Scalar, Parse("[LinearAttention(HeadDim = 64, InstructionSets = 0)]").InstructionSets);
    }

    [Fact]
    public void Parse_Quietly_GivesTheSameSpecAndNoFindings()
    {
        Microsoft.CodeAnalysis.Compilation compilation = TestCompilation.Of(Declarations.WithMap("[FeatureMap] static float Phi(float x) => MathF.Sin(x);"));
        ParseResult loud = Assert.Single(Declarations.ParseAll(compilation));
        ParseResult quiet = Assert.Single(Declarations.ParseAll(compilation, isQuiet: true));
        Assert.NotNull(quiet.Spec);
        Assert.Equal(loud.Spec, quiet.Spec);
        Assert.Equal(loud.Spec!.GetHashCode(), quiet.Spec.GetHashCode());
        Assert.NotEmpty(loud.Diagnostics);
        Assert.Empty(quiet.Diagnostics);
    }

    [Fact]
    public void Enums_HaveTheNumbersOfTheirMirrors()
    {
        AssertMirrors<Decay, DecayKind>();
        Assert.Equal(Enum.GetNames<FeatureMap>(), BuiltInMaps.Names);
        Assert.All(Enum.GetValues<FeatureMap>(), map => Assert.NotNull(BuiltInMaps.Of((int)map)));
        Assert.Equal(Systems.Namespace, typeof(AttentionAttribute).Namespace);
        Assert.Equal(Systems.FeatureMapAttribute, typeof(FeatureMapAttribute).Name);
        Assert.Equal(
            typeof(AttentionAttribute).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(AttentionAttribute))).Select(type => type.FullName).Order(),
            Systems.All.Select(row => row.AttributeMetadataName).Order());
    }

    [Theory]
    [InlineData(DType.Float32, 0, 0)]
    [InlineData(DType.Float64, 1, 0)]
    [InlineData(DType.Float16, 0, 1)]
    [InlineData(DType.BFloat16, 0, 2)]
    public void Parse_EveryDType_ArithmeticAndStorage(DType type, int arithmetic, int storage)
    {
        KernelSpec spec = Parse($"[LinearAttention(HeadDim = 8, DType = DType.{type})]");

        Assert.Equal((arithmetic, storage), ((int)spec.ElementType, (int)spec.Storage));
        Assert.Equal(Enum.GetValues<DType>().Length, Enum.GetValues<ElementType>().Length + Enum.GetValues<ElementStorage>().Length - 1);
    }

    private static void AssertMirrors<TPublic, TMirror>()
        where TPublic : struct, Enum
        where TMirror : struct, Enum
    {
        Assert.Equal(Enum.GetNames<TPublic>(), Enum.GetNames<TMirror>());
        Assert.Equal(Enum.GetValues<TPublic>().Select(value => Convert.ToInt32(value)), Enum.GetValues<TMirror>().Select(value => Convert.ToInt32(value)));
    }

    private static void AssertCommonDefaults(AttentionAttribute attribute, KernelSpec spec)
    {
        Assert.Equal(attribute.Causal, spec.Causal);
        Assert.Equal((int)attribute.DType, (int)spec.ElementType);
        Assert.Equal(attribute.Scale, spec.Scale);
        Assert.Equal((int)attribute.InstructionSets, spec.InstructionSets);
    }

    private static KernelSpec Parse(string attribute) => Declarations.Spec("using KernelGen;\n" + attribute + " partial class A { }");
}
