using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>The promise of reproducibility: what a call computes for a sequence depends on nothing but that sequence.</summary>
public class BitTests
{
    public static TheoryData<string> Variants => ContractVariants.Names([.. ContractVariants.Main, .. ContractVariants.More]);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_EveryFusedLevel_SameBits(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        foreach ((string name, AttentionProblem problem) in ContractProblems.Of(declaration, kernels.Info.ChunkSize))
        {
            AttentionResult[] results = Levels.Fused.Select(level => kernels.Forward(problem, level)).ToArray();
            for (int i = 1; i < results.Length; i++)
                SameBits.Check(results[0], results[i], $"{Levels.Fused[0]} and {Levels.Fused[i]}, {name}");
        }
    }

    /// <summary>A call large enough that its kernels ask for rows ahead, and its halves, which are not.</summary>
    [Fact]
    public void Forward_LargeInputs_SameBitsAsHalves()
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(ContractVariants.Main[0].ToString());
        const int length = 9500;
        AttentionProblem problem = new RandomProblem(declaration, 83).Of(new AttentionShape(1, length, 2));
        AttentionResult whole = kernels.Forward(problem, threads: 1);
        using RunningState state = kernels.Start(1, 2);
        foreach (int from in new[] { 0, length / 2 })
        {
            ProblemPart half = ProblemPart.Tokens(problem, from, length / 2);
            SameBits.Check(half.Output(problem, whole.Output), state.Forward(half.Of(problem), threads: 1), $"tokens from {from}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_EitherLayout_SameBits(string variant)
    {
        (AttentionProblem problem, RunnableVariant kernels) = Batch(variant);
        ProblemPart headsFirst = ProblemPart.Whole(problem) with { Layout = TensorLayout.HeadFirst };
        foreach (InstructionSet level in Levels.Supported)
        {
            AttentionResult expected = kernels.Forward(problem, level);
            SameBits.Check(
                expected with { Output = headsFirst.Output(problem, expected.Output) }, kernels.Forward(headsFirst.Of(problem), level), $"{level}, {variant}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_OtherBatchAndSlot_SameBits(string variant)
    {
        (AttentionProblem problem, RunnableVariant kernels) = Batch(variant);
        foreach (InstructionSet level in Levels.Supported)
        {
            AttentionResult together = kernels.Forward(problem, level);
            foreach (int[] batches in new int[][] { [0], [1], [2], [2, 0], [1, 1, 0, 2] })
            {
                ProblemPart part = ProblemPart.Whole(problem) with { Batches = batches };
                AttentionResult expected = new(
                    part.Output(problem, together.Output), part.States(problem, together.FinalState), part.States(problem, together.FinalNormalizer));
                SameBits.Check(expected, kernels.Forward(part.Of(problem), level), $"{level}, entries {string.Join(", ", batches)}, {variant}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_Packed_SameBitsAsSeparateCalls(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RandomProblem random = new(declaration, 17);
        int tokens = (3 * kernels.Info.ChunkSize) + 1;
        AttentionProblem packed = random.Of(new AttentionShape(1, tokens, 2));
        packed = random.WithStates(random.WithMask(packed, KeyPadding.Scattered) with { CuSeqlens = random.Cuts(tokens, 6) });
        foreach (InstructionSet level in Levels.Supported)
        {
            AttentionResult together = kernels.Forward(packed, level);
            for (int n = 0; n < packed.Sequences; n++)
            {
                ProblemPart part = ProblemPart.Sequence(packed, n);
                AttentionResult expected = new(
                    part.Output(packed, together.Output), part.States(packed, together.FinalState, n), part.States(packed, together.FinalNormalizer, n));
                SameBits.Check(expected, kernels.Forward(part.Of(packed, n), level), $"{level}, sequence {n}, {variant}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_WithoutAskingForTheState_SameOutput(string variant)
    {
        (AttentionProblem problem, RunnableVariant kernels) = Batch(variant);
        foreach (InstructionSet level in Levels.Supported)
            SameBits.Check(kernels.Forward(problem, level).Output, kernels.Forward(problem with { WantsFinalState = false }, level).Output, $"{level}, {variant}");
    }

    /// <summary>Three batch entries, padded, continuing a state and asking for the next.</summary>
    private static (AttentionProblem Problem, RunnableVariant Kernels) Batch(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RandomProblem random = new(declaration, 29);
        AttentionProblem problem = random.Of(new AttentionShape(3, kernels.Info.ChunkSize + 11, 4) { KeyValueHeads = 2 });
        return (random.WithStates(random.WithMask(problem, KeyPadding.Scattered)), kernels);
    }
}
