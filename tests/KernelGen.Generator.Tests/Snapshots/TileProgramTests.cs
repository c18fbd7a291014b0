using KernelGen.Generator.Plans;
using KernelGen.Generator.Spec;
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

        IEnumerable<string> programs = Phases(run.Spec).Select(program => string.Join('\n', TileText.Lines(program)));

        Verifier.Verify($"{run.Spec.Equation}\n\n{string.Join("\n\n", programs)}\n", nameof(variant), variant);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Programs_Variant_HaveNoFaults(string variant)
    {
        GeneratorRun run = GeneratorRun.OfVariant(variant);

        IEnumerable<string> faults = Phases(run.Spec).SelectMany(TileVerifier.Verify);

        Assert.Empty(faults);
    }

    /// <summary>The plan's phases, then those that its sweep is cut into.</summary>
    private static IEnumerable<TileProgram> Phases(KernelSpec spec)
    {
        KernelPrograms programs = Compiler.Programs(spec);
        return programs.Forward.Concat(Windowing.Derive(programs.Forward[0]));
    }
}
