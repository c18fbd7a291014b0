using KernelGen.Generator.Tiles;
using KernelGen.Variants;

namespace KernelGen.Generator.Tests.Snapshots;

/// <summary>What each variant is compiled through: a change of a plan shows here as mathematics, before any emitted code is read.</summary>
public class TileProgramTests
{
    public static TheoryData<string> Variants => [.. VariantTable.Names];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Programs_Variant_AreAsVerified(string variant)
    {
        GeneratorRun run = GeneratorRun.OfVariant(variant);

        IEnumerable<string> programs = Compiler.Programs(run.Spec).Forward.Select(program => string.Join('\n', TileText.Lines(program)));

        Verifier.Verify($"{run.Spec.Equation}\n\n{string.Join("\n\n", programs)}\n", nameof(variant), variant);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Programs_Variant_HaveNoFaults(string variant)
    {
        GeneratorRun run = GeneratorRun.OfVariant(variant);

        IEnumerable<string> faults = Compiler.Programs(run.Spec).Forward.SelectMany(TileVerifier.Verify);

        Assert.Empty(faults);
    }
}
