using KernelGen.Tests.Golden;
using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>Whole backward calls compute what the chain rule says, slopes included: kernels of every level under the library's own driver.</summary>
[Trait("Suite", "Levels")]
public class GradientTests
{
    public static TheoryData<string> Variants => ContractVariants.Names(ContractVariants.Main);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_AnyCall_AgreesWithTheChainRule(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        double tolerance = declaration.DType == DType.Float64 ? 1e-11 : 1e-5;
        int seed = 100;
        foreach ((string name, AttentionProblem call) in ContractProblems.Of(declaration, kernels.Info.ChunkSize))
        {
            GradientProblem problem = GradientProblem.Of(call, declaration.IsNormalized, new RandomProblem(declaration, seed++).Normal);
            GradientResult expected = NaiveGradient.Run(declaration, problem).OfCall(call);
            foreach (InstructionSet level in Levels.Supported)
            {
                foreach (((string part, double[] reference), (_, double[] values)) in expected.Parts.Zip(kernels.Backward(problem, level).Parts))
                {
                    // Gradients of one are what the call was given: what cancels to nothing is judged beside them.
                    double error = ScaledError.Of(values, reference);
                    Assert.True(error <= tolerance, FormattableString.Invariant($"{part} is off by {error:E2}, at most {tolerance:E0} is allowed: {level}, {name}"));
                }
            }
        }
    }
}
