using KernelGen.Runtime;
using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>Backward phases of every level compute what the chain rule says, and promise each other's bits.</summary>
public abstract class BackwardPhases
{
    private protected static void CheckGradients(string variant)
    {
        (Declaration declaration, RunnableBackward kernels) = ContractVariants.BackwardOf(variant);
        double tolerance = declaration.DType == DType.Float64 ? 1e-11 : 1e-5;
        foreach ((string name, GradientProblem problem) in Problems(declaration, kernels.Traits.ChunkSize))
        {
            GradientResult expected = NaiveGradient.Run(declaration, problem);
            foreach (InstructionSet level in Levels.Supported)
                GradientError.AssertAtMost(tolerance, expected, kernels.Run(problem, level), $"{level}, {name}");
        }
    }

    private protected static void CheckBits(string variant)
    {
        (Declaration declaration, RunnableBackward kernels) = ContractVariants.BackwardOf(variant);
        foreach ((string name, GradientProblem problem) in Problems(declaration, kernels.Traits.ChunkSize))
        {
            GradientResult[] results = Levels.Fused.Select(level => kernels.Run(problem, level)).ToArray();
            for (int i = 1; i < results.Length; i++)
                SameBits.Check(results[0], results[i], $"{Levels.Fused[0]} and {Levels.Fused[i]}, {name}");
        }
    }

    /// <summary>The calls of the forward pass's contract, with random gradients of everything that they ask for.</summary>
    private protected static IEnumerable<(string Name, GradientProblem Problem)> Problems(Declaration declaration, int chunk)
    {
        int seed = 1000;
        foreach ((string name, AttentionProblem call) in ContractProblems.Of(declaration, chunk))
            yield return (name, GradientProblem.Of(call, declaration.IsNormalized, new RandomProblem(declaration, ++seed).Normal));
    }
}

/// <inheritdoc/>
[Trait("Suite", "Levels")]
public class BackwardPhasesTests : BackwardPhases
{
    public static TheoryData<string> Variants => ContractVariants.Names(ContractVariants.Main);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_AnyCall_AgreesWithTheChainRule(string variant) => CheckGradients(variant);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_EveryFusedLevel_SameBits(string variant) => CheckBits(variant);
}

/// <inheritdoc/>
public class MoreBackwardPhasesTests : BackwardPhases
{
    public static TheoryData<string> Variants => ContractVariants.Names(ContractVariants.More);

    public static TheoryData<string> AllVariants => ContractVariants.Names([.. ContractVariants.Main, .. ContractVariants.More]);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_AnyCall_AgreesWithTheChainRule(string variant) => CheckGradients(variant);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_EveryFusedLevel_SameBits(string variant) => CheckBits(variant);

    /// <summary>Several outputs of a phase, each staged in scratch or streamed.</summary>
    [Theory]
    [MemberData(nameof(AllVariants))]
    public void Backward_EveryWayOut_SameBits(string variant)
    {
        (Declaration declaration, RunnableBackward kernels) = ContractVariants.BackwardOf(variant);
        RandomProblem random = new(declaration, 3);
        AttentionProblem call = random.WithMask(random.Of(new AttentionShape(2, kernels.Traits.ChunkSize + 5, 4) { KeyValueHeads = 2 }), KeyPadding.Scattered);
        GradientProblem problem = GradientProblem.Of(call, declaration.IsNormalized, random.Normal);
        int lineElements = declaration.DType == DType.Float64 ? 8 : 16;
        bool streams = declaration.HeadDim % lineElements == 0 && declaration.ValueDim % lineElements == 0;
        foreach (InstructionSet level in Levels.Supported)
        {
            GradientResult stored = kernels.Run(problem, level);
            SameBits.Check(stored, kernels.Run(problem, level, OutputMode.Stage), $"staged, {level}, {variant}");
            if (streams)
                SameBits.Check(stored, kernels.Run(problem, level, OutputMode.Stream), $"streamed, {level}, {variant}");
        }
    }
}
