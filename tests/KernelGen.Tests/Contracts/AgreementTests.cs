using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>Kernels of every level compute what the equations say.</summary>
public abstract class Agreement
{
    private protected static void Check(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        double tolerance = declaration.DType == DType.Float64 ? 1e-12 : 1e-6;
        foreach ((string name, AttentionProblem problem) in ContractProblems.Of(declaration, kernels.Info.ChunkSize))
        {
            AttentionResult expected = NaiveReference.Run(declaration, problem);
            foreach (InstructionSet level in Levels.Supported)
                RelativeError.AssertAtMost(tolerance, expected, kernels.Forward(problem, level), $"{level}, {name}");
        }
    }
}

/// <inheritdoc/>
[Trait("Suite", "Levels")]
public class AgreementTests : Agreement
{
    public static TheoryData<string> Variants => ContractVariants.Names(ContractVariants.Main);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_AnyCall_AgreesWithTheEquations(string variant) => Check(variant);
}

/// <inheritdoc/>
public class MoreAgreementTests : Agreement
{
    public static TheoryData<string> Variants => ContractVariants.Names(ContractVariants.More);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_AnyCall_AgreesWithTheEquations(string variant) => Check(variant);
}
