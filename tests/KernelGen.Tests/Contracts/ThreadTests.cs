using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>
/// The same bits for any number of threads: pairs of a sequence and a head shared out, and long sequences cut. One thread sweeps, so each comparison of
/// a long sequence is one of the cut against the sweep as well.
/// </summary>
public class ThreadTests
{
    private static readonly int[] s_threads = [2, 3, 7];

    public static TheoryData<string> Variants => ContractVariants.Names([.. ContractVariants.Main, .. ContractVariants.More, ContractVariants.Narrow[1], ContractVariants.Narrow[4]]);

    public static TheoryData<string> Causal => ContractVariants.Names(ContractVariants.Main.Append(ContractVariants.Narrow[0]).Where(d => d.Streams));

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_LongSequence_SameBits(string variant)
    {
        (AttentionProblem problem, RunnableVariant kernels) = Long(variant);
        int turn = 0;
        foreach (InstructionSet level in Levels.Supported)
        {
            AttentionResult alone = kernels.Forward(problem, level, threads: 1);
            int threads = s_threads[turn++ % s_threads.Length];
            SameBits.Check(alone, kernels.Forward(problem, level, threads), $"{level}, {threads} threads, {variant}");
            SameBits.Check(alone, kernels.Forward(problem, level, threads), $"{level}, {threads} threads once more, {variant}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_ManyHeads_SameBits(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RandomProblem random = new(declaration, 53);
        AttentionShape shape = new(3, kernels.Info.ChunkSize + 9, 4) { KeyValueHeads = 2, KeyLength = declaration.Causal ? 0 : 21 };
        AttentionProblem problem = random.WithStates(random.WithMask(random.Of(shape), KeyPadding.Scattered));
        foreach (InstructionSet level in Levels.Supported)
        {
            AttentionResult alone = kernels.Forward(problem, level, threads: 1);
            foreach (int threads in s_threads)
                SameBits.Check(alone, kernels.Forward(problem, level, threads), $"{level}, {threads} threads, {variant}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_LongAndShortSequencesPacked_SameBitsAsSeparateCalls(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RandomProblem random = new(declaration, 59);
        AttentionProblem packed = random.Of(new AttentionShape(1, 4 + 2081 + 17, 2)) with { CuSeqlens = [0, 4, 4 + 2081, 4 + 2081 + 17] };
        packed = random.WithStates(random.WithMask(packed, KeyPadding.Scattered));
        AttentionResult together = kernels.Forward(packed, threads: 3);
        for (int n = 0; n < packed.Sequences; n++)
        {
            ProblemPart part = ProblemPart.Sequence(packed, n);
            AttentionResult expected = new(
                part.Output(packed, together.Output), part.States(packed, together.FinalState, n), part.States(packed, together.FinalNormalizer, n));
            SameBits.Check(expected, kernels.Forward(part.Of(packed, n), threads: 1), $"sequence {n}, {variant}");
        }
    }

    [Theory]
    [MemberData(nameof(Causal))]
    public void Forward_ContinuedInTheMiddleOfAChunk_SameBits(string variant)
    {
        (AttentionProblem problem, RunnableVariant kernels) = Long(variant, states: false);
        bool hasPlainStates = ContractVariants.Of(variant).Declaration.HasPlainStates;
        problem = problem with { WantsFinalState = hasPlainStates };
        AttentionResult whole = kernels.Forward(problem, threads: 1);
        foreach (int split in new[] { 0, 5, kernels.Info.ChunkSize, 2100 })
        {
            using RunningState state = kernels.Start(problem.Shape.Batch, problem.Shape.Heads);
            Check(0, split, p => state.Forward(p, threads: 3));
            Check(split, problem.Shape.Length - split - 1, p => state.Forward(p, threads: 2));
            Check(problem.Shape.Length - 1, 1, p => state.Step(p, threads: 2));
            if (!hasPlainStates)
                continue;
            (double[] sum, double[] normalizer) = state.Plain(problem.Slopes);
            SameBits.Check(whole with { Output = [] }, new AttentionResult([], sum, normalizer), $"split at {split}, {variant}");

            void Check(int from, int count, Func<AttentionProblem, double[]> run)
            {
                ProblemPart part = ProblemPart.Tokens(problem, from, count);
                SameBits.Check(part.Output(problem, whole.Output), run(part.Of(problem)), $"tokens from {from}, {variant}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Causal))]
    public void Step_ManySequences_SameBits(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        AttentionProblem token = new RandomProblem(declaration, 61).Of(new AttentionShape(9, 1, 3));
        using RunningState alone = kernels.Start(9, 3), shared = kernels.Start(9, 3);
        for (int t = 0; t < kernels.Info.ChunkSize + 3; t++)
            SameBits.Check(alone.Step(token, threads: 1), shared.Step(token, threads: s_threads[t % s_threads.Length]), $"step {t}, {variant}");
    }

    [Fact]
    public void Forward_FromManyThreadsAtOnce_SameBits()
    {
        (AttentionProblem problem, RunnableVariant kernels) = Long(ContractVariants.Main[0].ToString());
        AttentionResult alone = kernels.Forward(problem, threads: 1);

        Parallel.For(0, 12, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => SameBits.Check(alone, kernels.Forward(problem, threads: 1 + (i % 4)), $"call {i}"));
    }

    /// <summary>Two heads, long enough to be cut, with a ragged end: padded, continuing a state and asking for the next.</summary>
    private static (AttentionProblem Problem, RunnableVariant Kernels) Long(string variant, bool states = true)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RandomProblem random = new(declaration, 47);
        AttentionProblem problem = random.WithMask(random.Of(new AttentionShape(1, 2151, 2) { KeyValueHeads = 1 }), KeyPadding.Scattered);
        return (states ? random.WithStates(problem) : problem, kernels);
    }
}
