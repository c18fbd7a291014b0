using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>Rounding does not add up over long sequences: states are compensated, or fade.</summary>
public class LongRunTests
{
    private const int Length = 65_536;

    public static TheoryData<string> Variants => ContractVariants.Names([ContractVariants.Main[0], ContractVariants.Main[2], ContractVariants.Main[3]]);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_ManyTokens_AsExactAsFew(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        AttentionProblem problem = new RandomProblem(declaration, 59).Of(new AttentionShape(1, Length, 1));
        double[] expected = RecurrentReference.Output(declaration, problem);
        foreach (InstructionSet level in Levels.Supported)
        {
            double[] output = kernels.Forward(problem, level).Output;
            double whole = RelativeError.Rms(output, expected), end = RelativeError.Rms(output.AsSpan(^4096), expected.AsSpan(^4096));

            Assert.True(whole <= 1e-6 && end <= 1e-6, FormattableString.Invariant($"{level}, {variant}: {whole:E2}, over the last tokens {end:E2}"));
        }
    }
}
