using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>A sequence split anywhere and continued through a state object has the bits of the whole, decoding included.</summary>
public class ContinuationTests
{
    public static TheoryData<string> Variants =>
        ContractVariants.Names(ContractVariants.Main.Concat(ContractVariants.More).Concat(ContractVariants.Narrow.Take(2)).Where(d => d.Streams));

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_SplitAnywhere_SameBits(string variant)
    {
        (AttentionProblem problem, RunnableVariant kernels) = Prompt(variant);
        foreach (InstructionSet level in Levels.Supported)
        {
            double[] whole = kernels.Forward(problem, level).Output;
            for (int split = 0; split <= problem.Shape.Length; split++)
            {
                using RunningState state = kernels.Start(problem.Shape.Batch, problem.Shape.Heads);
                Check(problem, whole, 0, split, p => state.Forward(p, level), $"{level}, before {split}, {variant}");
                Check(problem, whole, split, problem.Shape.Length - split, p => state.Forward(p, level), $"{level}, from {split}, {variant}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_ManyPieces_SameBitsAndSameState(string variant)
    {
        (AttentionProblem problem, RunnableVariant kernels) = Prompt(variant);
        bool hasPlainStates = ContractVariants.Of(variant).Declaration.HasPlainStates;
        problem = problem with { WantsFinalState = hasPlainStates };
        foreach (InstructionSet level in Levels.Supported)
        {
            AttentionResult whole = kernels.Forward(problem, level);
            for (int seed = 0; seed < 5; seed++)
            {
                Random random = new(seed);
                using RunningState state = kernels.Start(problem.Shape.Batch, problem.Shape.Heads);
                for (int from = 0, count; from < problem.Shape.Length; from += count)
                {
                    count = Math.Min(random.Next(kernels.Info.ChunkSize), problem.Shape.Length - from);
                    Check(problem, whole.Output, from, count, p => state.Forward(p, level), $"{level}, seed {seed}, tokens from {from}, {variant}");
                }

                if (!hasPlainStates)
                    continue;

                // A state folds its unfinished chunk at the widest level, whatever level its calls were capped at.
                (double[] sum, double[] normalizer) = state.Plain(problem.Slopes);
                if (Levels.Fused.Contains(level) || level == Levels.Supported[0])
                    SameBits.Check(whole with { Output = [] }, new AttentionResult([], sum, normalizer), $"{level}, seed {seed}, {variant}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Step_AfterAnyPrefill_SameBitsAsPrefill(string variant)
    {
        (AttentionProblem problem, RunnableVariant kernels) = Prompt(variant);
        int chunk = kernels.Info.ChunkSize;
        foreach (InstructionSet level in Levels.Supported)
        {
            double[] whole = kernels.Forward(problem, level).Output;
            foreach (int prefill in new[] { 0, 1, chunk - 1, chunk, chunk + 1 })
            {
                using RunningState state = kernels.Start(problem.Shape.Batch, problem.Shape.Heads);
                Check(problem, whole, 0, prefill, p => state.Forward(p, level), $"{level}, prefill of {prefill}, {variant}");
                for (int t = prefill; t < problem.Shape.Length; t++)
                    Check(problem, whole, t, 1, p => state.Step(p, level), $"{level}, step {t} after a prefill of {prefill}, {variant}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_RolledBackSavedAndLoaded_SameBits(string variant)
    {
        (AttentionProblem problem, RunnableVariant kernels) = Prompt(variant);
        int split = kernels.Info.ChunkSize + 5, rest = problem.Shape.Length - split;
        double[] whole = kernels.Forward(problem).Output;
        using RunningState state = kernels.Start(problem.Shape.Batch, problem.Shape.Heads);
        Check(problem, whole, 0, split, p => state.Forward(p), variant);
        Action rollBack = state.Snapshot();
        using MemoryStream saved = new();
        state.Save(saved);

        Check(problem, whole, split, rest, p => state.Forward(p), "first time, " + variant);
        rollBack();
        Check(problem, whole, split, rest, p => state.Forward(p), "rolled back, " + variant);
        saved.Position = 0;
        using RunningState loaded = kernels.Load(saved);
        Check(problem, whole, split, rest, p => loaded.Forward(p), "loaded, " + variant);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_PackedStates_SameBitsAsWholeSequences(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RandomProblem random = new(declaration, 41);
        int chunk = kernels.Info.ChunkSize;
        AttentionProblem first = random.Of(new AttentionShape(1, chunk + 4, 2)) with { CuSeqlens = [0, 3, 3, chunk + 4] };
        AttentionProblem second = random.Of(new AttentionShape(1, chunk + 6, 2)) with { CuSeqlens = [0, chunk, chunk + 6, chunk + 6], Slopes = first.Slopes };
        foreach (InstructionSet level in Levels.Supported)
        {
            using RunningState together = kernels.Start(3, 2);
            double[] firstOutput = together.Forward(first, level), secondOutput = together.Forward(second, level);
            for (int n = 0; n < 3; n++)
            {
                using RunningState alone = kernels.Start(1, 2);
                ProblemPart a = ProblemPart.Sequence(first, n), b = ProblemPart.Sequence(second, n);
                SameBits.Check(a.Output(first, firstOutput), alone.Forward(a.Of(first), level), $"{level}, sequence {n}, {variant}");
                SameBits.Check(b.Output(second, secondOutput), alone.Forward(b.Of(second), level), $"{level}, sequence {n} continued, {variant}");
            }
        }
    }

    private static void Check(AttentionProblem problem, double[] whole, int from, int count, Func<AttentionProblem, double[]> run, string context)
    {
        ProblemPart part = ProblemPart.Tokens(problem, from, count);
        SameBits.Check(part.Output(problem, whole), run(part.Of(problem)), context);
    }

    /// <summary>Two padded sequences that end within their third chunk.</summary>
    private static (AttentionProblem Problem, RunnableVariant Kernels) Prompt(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RandomProblem random = new(declaration, 37);
        AttentionProblem problem = random.Of(new AttentionShape(2, (2 * kernels.Info.ChunkSize) + 7, 2) { KeyValueHeads = 1 });
        return (random.WithMask(problem, KeyPadding.Scattered), kernels);
    }
}
