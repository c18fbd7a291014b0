using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>The future reaches nothing, whatever it holds.</summary>
[Trait("Suite", "Levels")]
public class CausalityTests
{
    public static TheoryData<string> Variants => ContractVariants.Names(ContractVariants.Main.Where(d => d.Causal));

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_NaNInTheFuture_EarlierOutputsUnchanged(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        int chunk = kernels.Info.ChunkSize, length = (2 * chunk) + 3;
        AttentionProblem clean = new RandomProblem(declaration, 43).Of(new AttentionShape(1, length, 2));
        foreach (InstructionSet level in Levels.Supported)
        {
            double[] expected = kernels.Forward(clean, level).Output;
            foreach (int token in new[] { 0, 1, 2, 5, chunk - 1, chunk, chunk + 1, chunk + 9, length - 1 })
            {
                AttentionProblem poisoned = clean with { K = [.. clean.K], V = [.. clean.V] };
                RandomProblem.PoisonKey(poisoned, 0, token);
                double[] output = kernels.Forward(poisoned, level).Output;

                ProblemPart before = ProblemPart.Tokens(clean, 0, token);
                SameBits.Check(before.Output(clean, expected), before.Output(clean, output), $"{level}, NaN at token {token}, {variant}");
                Assert.True(double.IsNaN(output[clean.OutputRow(0, 0, token)]), $"{level}: the NaN of token {token} does not reach its own output, {variant}");
            }
        }
    }
}
