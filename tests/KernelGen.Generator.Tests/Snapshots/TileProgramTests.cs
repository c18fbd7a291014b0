using KernelGen.Generator.Plans;
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

        Verifier.Verify($"{run.Spec.Equation}\n\n{Text(Forward(Compiler.Programs(run.Spec)))}\n", nameof(variant), variant);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void BackwardPrograms_Variant_AreAsVerified(string variant)
    {
        GeneratorRun run = GeneratorRun.OfVariant(variant);

        Verifier.Verify($"{run.Spec.Equation}\n\n{Text(Compiler.Programs(run.Spec).Backward.Phases)}\n", nameof(variant), variant);
    }

    [Theory]
    [InlineData("EluCausal")]
    [InlineData("EluCross")]
    [InlineData("DecayPerHead")]
    public void SeparateBackwardPrograms_Variant_AreAsVerified(string variant)
    {
        GeneratorRun run = GeneratorRun.OfVariant(variant);

        Verifier.Verify($"{run.Spec.Equation}\n\n{Text(SeparateBackward.Phases(run.Spec).Append(SeparateBackward.StatePhase).Select(phase => phase.Build(run.Spec)))}\n", nameof(variant), variant);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Programs_Variant_HaveNoFaults(string variant)
    {
        GeneratorRun run = GeneratorRun.OfVariant(variant);

        KernelPrograms programs = Compiler.Programs(run.Spec);

        Assert.Empty(Forward(programs).Concat(programs.Backward.Phases).SelectMany(TileVerifier.Verify));
    }

    /// <summary>The plan's phases, then those that its sweep is cut into.</summary>
    private static IEnumerable<TileProgram> Forward(KernelPrograms programs) => programs.Forward.Concat(Windowing.Derive(programs.Forward[0]));

    private static string Text(IEnumerable<TileProgram> programs) => string.Join("\n\n", programs.Select(program => string.Join('\n', TileText.Lines(program))));
}
