using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>
/// Gradients have the same bits for any number of threads. One thread sweeps, so each comparison of a long sequence is one of the phases that are cut against
/// the sweeps as well.
/// </summary>
public class GradientThreadTests
{
    private static readonly int[] s_threads = [2, 3, 7];

    public static TheoryData<string> Variants => ContractVariants.Names([.. ContractVariants.Main, .. ContractVariants.More, ContractVariants.Narrow[1], ContractVariants.Narrow[4]]);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_LongSequence_SameBits(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RandomProblem random = new(declaration, 67);

        // Two query heads add to one key head's rows; not causal, the queries alone are long, then the keys alone.
        AttentionShape shape = new(1, 2151, 2) { KeyValueHeads = 1 };
        AttentionShape[] shapes = declaration.Causal ? [shape] : [shape with { KeyLength = 33 }, shape with { Length = 21, KeyLength = 2151 }];
        int turn = 0;
        foreach (AttentionShape each in shapes)
        {
            AttentionProblem forward = random.WithStates(random.WithMask(random.Of(each), KeyPadding.Scattered));
            GradientProblem problem = GradientProblem.Of(forward, declaration.IsNormalized, random.Normal);
            foreach (InstructionSet level in Levels.Supported)
            {
                GradientResult alone = kernels.Backward(problem, level, threads: 1);
                int threads = s_threads[turn++ % s_threads.Length];
                SameBits.Check(alone, kernels.Backward(problem, level, threads), $"{level}, {threads} threads, {variant}");
                SameBits.Check(alone, kernels.Backward(problem, level, threads), $"{level}, {threads} threads once more, {variant}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_ManyHeads_SameBits(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RandomProblem random = new(declaration, 71);
        AttentionShape shape = new(3, kernels.Info.ChunkSize + 9, 6) { KeyValueHeads = 3, KeyLength = declaration.Causal ? 0 : 21 };
        AttentionProblem forward = random.WithStates(random.WithMask(random.Of(shape), KeyPadding.Scattered));
        GradientProblem problem = GradientProblem.Of(forward, declaration.IsNormalized, random.Normal);
        foreach (InstructionSet level in Levels.Supported)
        {
            GradientResult alone = kernels.Backward(problem, level, threads: 1);
            foreach (int threads in s_threads)
                SameBits.Check(alone, kernels.Backward(problem, level, threads), $"{level}, {threads} threads, {variant}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_LongAndShortSequencesPacked_SameBitsAsSeparateCalls(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RandomProblem random = new(declaration, 73);
        AttentionProblem packed = random.Of(new AttentionShape(1, 4 + 2081 + 17, 2)) with { CuSeqlens = [0, 4, 4 + 2081, 4 + 2081 + 17] };
        packed = random.WithStates(random.WithMask(packed, KeyPadding.Scattered));
        GradientProblem problem = GradientProblem.Of(packed, declaration.IsNormalized, random.Normal);
        GradientResult together = kernels.Backward(problem, threads: 3);
        for (int n = 0; n < packed.Sequences; n++)
        {
            ProblemPart part = ProblemPart.Sequence(packed, n);
            GradientResult actual = kernels.Backward(part.Of(problem, n), threads: 1);
            SameBits.Check(part.Gradients(packed, together, n), actual.OfTokens, $"sequence {n}, {variant}");
        }
    }
}
