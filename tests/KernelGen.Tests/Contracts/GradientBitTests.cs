using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>The promise of reproducibility, for gradients: what a call computes for a sequence depends on nothing but that sequence.</summary>
public class GradientBitTests
{
    public static TheoryData<string> Variants => ContractVariants.Names([.. ContractVariants.Main, .. ContractVariants.More]);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_EitherLayoutOtherBatchAndSlot_SameBits(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RandomProblem random = new(declaration, 29);
        AttentionProblem forward = random.Of(new AttentionShape(3, kernels.Info.ChunkSize + 11, 4) { KeyValueHeads = 2 });
        GradientProblem problem = GradientProblem.Of(random.WithStates(random.WithMask(forward, KeyPadding.Scattered)), declaration.IsNormalized, random.Normal);
        ProblemPart whole = ProblemPart.Whole(forward);
        ProblemPart[] parts = [whole with { Layout = TensorLayout.HeadFirst }, whole with { Batches = [1] }, whole with { Batches = [2, 0] }, whole with { Batches = [1, 1, 0, 2] }];
        foreach (InstructionSet level in Levels.Supported)
        {
            GradientResult together = kernels.Backward(problem, level);
            foreach (ProblemPart part in parts)
            {
                GradientResult actual = kernels.Backward(part.Of(problem), level);
                SameBits.Check(part.Gradients(problem.Call, together), actual.OfTokens, $"{level}, {part.Layout}, entries {string.Join(", ", part.Batches)}, {variant}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_Packed_SameBitsAsSeparateCalls(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RandomProblem random = new(declaration, 17);
        int tokens = (3 * kernels.Info.ChunkSize) + 1;
        AttentionProblem packed = random.Of(new AttentionShape(1, tokens, 2));
        packed = random.WithStates(random.WithMask(packed, KeyPadding.Scattered) with { CuSeqlens = random.Cuts(tokens, 6) });
        GradientProblem problem = GradientProblem.Of(packed, declaration.IsNormalized, random.Normal);
        foreach (InstructionSet level in Levels.Supported)
        {
            GradientResult together = kernels.Backward(problem, level);
            for (int n = 0; n < packed.Sequences; n++)
            {
                ProblemPart part = ProblemPart.Sequence(packed, n);
                GradientResult actual = kernels.Backward(part.Of(problem, n), level);
                SameBits.Check(part.Gradients(packed, together, n), actual.OfTokens, $"{level}, sequence {n}, {variant}");
            }
        }
    }
}
