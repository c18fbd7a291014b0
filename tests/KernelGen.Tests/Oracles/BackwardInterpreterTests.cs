using KernelGen.Generator.Plans;
using KernelGen.Generator.Tiles;
using KernelGen.Tests.Contracts;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>The backward programs mean what they should: interpreter against differences of the interpreted forward, and against the chain rule written out.</summary>
public class BackwardInterpreterTests
{
    private const double Tolerance = 1e-11;

    /// <summary>Those that <see cref="SeparateBackward"/> has phases for.</summary>
    public static TheoryData<int> SeparateVariants => [.. Enumerable.Range(0, OracleVariants.All.Count).Where(i => new InterpretedSeparateBackward(OracleVariants.All[i]).IsSupported)];

    public static TheoryData<int> Variants => [.. Enumerable.Range(0, OracleVariants.All.Count)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Run_AnyLength_IsTheDerivativeOfTheForward(int variant)
    {
        // Differences of the programs would move a stabiliser: those of the reference hold it.
        Declaration declaration = OracleVariants.All[variant];
        if (OracleVariants.IsStabilized(declaration))
            return;
        InterpretedBackward backward = new(declaration);
        int chunk = declaration.ChunkSize;
        foreach (int length in new[] { 0, 1, chunk - 1, chunk, chunk + 1, (3 * chunk) + 5 })
        {
            int seed = (variant * 1000) + length;
            RandomProblem random = new(declaration, seed);
            AttentionProblem call = random.WithStates(random.Of(new AttentionShape(1, length, 1) { KeyLength = declaration.Causal || length == 0 ? 0 : length + 3 }));
            if (length % 2 == 1)
                call = random.WithMask(call, KeyPadding.Scattered);

            // Differences resolve nothing of a state that has been forgotten.
            call = call with { LogGates = Array.ConvertAll(call.LogGates, g => Math.Max(g, -0.5) / length) };
            GradientProblem problem = GradientProblem.Of(call, declaration.IsNormalized, random.Normal);

            new CentralDifferences(declaration, problem, new Random(seed)).Check(backward.Run(problem), $"{declaration}, T {length}, seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Run_GroupedMaskedAndPacked_AgreesWithTheChainRule(int variant)
    {
        Declaration declaration = OracleVariants.All[variant];
        InterpretedBackward backward = new(declaration);
        RandomProblem random = new(declaration, variant);
        int length = (2 * declaration.ChunkSize) + 9;
        AttentionShape shape = new(2, length, 4) { KeyValueHeads = 2, KeyLength = declaration.Causal ? 0 : 21, Layout = TensorLayout.HeadFirst };
        AttentionProblem masked = random.WithMask(random.Of(shape), KeyPadding.Scattered);
        AttentionProblem packed = random.Of(new AttentionShape(1, length, 2)) with { CuSeqlens = random.Cuts(length, 4) };
        packed = random.WithStates(packed);
        foreach (AttentionProblem call in new[] { masked, packed })
        {
            GradientProblem problem = GradientProblem.Of(call, declaration.IsNormalized, random.Normal);

            GradientError.AssertAtMost(Tolerance, NaiveGradient.Run(declaration, problem).OfPhases, backward.Run(problem), $"{declaration}, seed {variant}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Run_CutAlongTheSequence_SameBitsAsTheSweep(int variant)
    {
        Declaration declaration = OracleVariants.All[variant];
        InterpretedBackward backward = new(declaration);
        RandomProblem random = new(declaration, variant);
        int length = 4 * declaration.ChunkSize;
        AttentionProblem call = random.WithStates(random.WithMask(random.Of(new AttentionShape(1, length, 2) { KeyValueHeads = 1 }), KeyPadding.Scattered));
        GradientProblem problem = GradientProblem.Of(call, declaration.IsNormalized, random.Normal);

        SameBits.Check(backward.Run(problem), backward.Run(problem, cut: true), $"{declaration}");

        // Causal: both phases; else the state's and the queries', which has results by the way. Keys fold nothing then.
        // A phase that needs maxima first is not cut, nor one where the gradient of a projection depends on the state that it folds.
        int[] parts = [.. DeclarationSpecs.Programs(declaration).Backward.Phases.Select(phase => InterpretedBackward.Cut(phase).Count)];
        if (OracleVariants.IsStabilized(declaration))
            parts[0] = declaration.Causal ? 3 : 2;
        int[] expected = declaration.Learned is null ? (declaration.Causal ? [3, 3] : [2, 2, 0]) : declaration.Causal ? [0, 0] : [2, 2, 2];
        Assert.Equal(expected, parts);
    }

    [Theory]
    [MemberData(nameof(SeparateVariants))]
    public void Separate_GroupedMaskedAndPacked_AgreesWithTheChainRule(int variant)
    {
        Declaration declaration = OracleVariants.All[variant];
        InterpretedSeparateBackward backward = new(declaration);
        RandomProblem random = new(declaration, variant);
        int length = (2 * declaration.ChunkSize) + 9;
        AttentionShape shape = new(2, length, 4) { KeyValueHeads = 2, KeyLength = declaration.Causal ? 0 : 21, Layout = TensorLayout.HeadFirst };
        AttentionProblem packed = random.WithStates(random.Of(new AttentionShape(1, length, 2)) with { CuSeqlens = random.Cuts(length, 4) });
        foreach (AttentionProblem call in new[] { random.WithMask(random.Of(shape), KeyPadding.Scattered), packed })
        {
            GradientProblem problem = GradientProblem.Of(call, declaration.IsNormalized, random.Normal);

            GradientError.AssertAtMost(Tolerance, NaiveGradient.Run(declaration, problem).OfPhases, backward.Run(problem), $"{declaration}, seed {variant}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Phases_OfEveryVariant_PassTheVerifier(int variant) =>
        Assert.All(new InterpretedBackward(OracleVariants.All[variant]).Phases, phase => Assert.Empty(TileVerifier.Verify(phase)));

    [Theory]
    [MemberData(nameof(SeparateVariants))]
    public void SeparatePhases_OfEveryVariant_PassTheVerifier(int variant) =>
        Assert.All(new InterpretedSeparateBackward(OracleVariants.All[variant]).Phases, phase => Assert.Empty(TileVerifier.Verify(phase)));
}
