using KernelGen.Generator.Spec;
using KernelGen.Generator.Surface;

namespace KernelGen.Generator.Tests.Surface;

public class VariantTextTests
{
    [Fact]
    public void Of_Spec_SaysEverythingAStateDependsOn()
    {
        Assert.Equal(
            "linear_transformer; phi(q) = x > 0 ? x + 1 : exp(x); phi(k) = x > 0 ? x + 1 : exp(x); D = 8; E = 4; C = 16; Float32; causal; decay None; normaliser eps 1E-06; scale 0.125",
            VariantText.Of(SurfaceSamples.EluCausal));
        Assert.Equal(
            "lightning2; phi(q) = x; phi(k) = x; D = 8; E = 4; C = 16; Float32; causal; decay PerHead; normaliser none; scale 1",
            VariantText.Of(SurfaceSamples.NestedPerHead));
    }

    [Fact]
    public void Of_SpecsThatDiffer_Differ()
    {
        KernelSpec spec = SurfaceSamples.EluCausal;
        string[] texts =
        [
            .. new[]
            {
                spec,
                spec with { System = "lightning2" },
                spec with { HeadDim = 9 },
                spec with { ValueDim = 9 },
                spec with { ChunkSize = 32 },
                spec with { ElementType = ElementType.Float64 },
                spec with { Causal = false },
                spec with { Decay = DecayKind.PerHead },
                spec with { Normalizer = null },
                spec with { Normalizer = new Normalizer(1e-5) },
                spec with { Scale = 0.25 },
                spec with { KeyMap = SurfaceSamples.NestedPerHead.KeyMap },
                spec with { QueryMap = SurfaceSamples.NestedPerHead.QueryMap },
            }.Select(VariantText.Of),
        ];

        Assert.Equal(texts.Length, texts.Distinct().Count());
    }

    [Fact]
    public void Of_OtherClassInstructionSetsOrStorage_Same()
    {
        KernelSpec spec = SurfaceSamples.EluCausal;

        Assert.Equal(VariantText.Of(spec), VariantText.Of(spec with { Storage = ElementStorage.BFloat16 }));
        Assert.Equal(VariantText.Of(spec), VariantText.Of(spec with { Type = SurfaceSamples.NonCausalDouble.Type, InstructionSets = 1 }));
    }
}
