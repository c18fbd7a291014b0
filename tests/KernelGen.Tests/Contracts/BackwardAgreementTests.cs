using KernelGen.Tests.Golden;
using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>Backward kernels of every level compute what the equations say.</summary>
public abstract class BackwardAgreement
{
    private protected static void Check(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        double tolerance = declaration.DType == DType.Float64 ? 1e-11 : 1e-5;
        int seed = 100;
        foreach ((string name, AttentionProblem forward) in ContractProblems.Of(declaration, kernels.Info.ChunkSize))
        {
            BackwardProblem problem = new RandomProblem(declaration, seed++).Backward(forward);
            BackwardResult expected = NaiveBackward.Run(declaration, problem);
            foreach (InstructionSet level in Levels.Supported)
            {
                foreach (((string array, double[] reference), (_, double[] values)) in expected.Arrays.Zip(kernels.Backward(problem, level).Arrays))
                {
                    // Upstream gradients are about one: what cancels to nothing is judged beside them.
                    double error = ScaledError.Of(values, reference);
                    Assert.True(error <= tolerance, FormattableString.Invariant($"{array} is off by {error:E2}, at most {tolerance:E0} is allowed: {level}, {name}"));
                }
            }
        }
    }
}

/// <inheritdoc/>
[Trait("Suite", "Levels")]
public class BackwardAgreementTests : BackwardAgreement
{
    public static TheoryData<string> Variants => ContractVariants.Names(ContractVariants.Main);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_AnyCall_AgreesWithTheEquations(string variant) => Check(variant);
}

/// <inheritdoc/>
public class MoreBackwardAgreementTests : BackwardAgreement
{
    public static TheoryData<string> Variants => ContractVariants.Names(ContractVariants.More);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_AnyCall_AgreesWithTheEquations(string variant) => Check(variant);
}
