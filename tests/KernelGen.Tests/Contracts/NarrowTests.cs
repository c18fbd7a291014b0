using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>
/// Tensors of a 16-bit format are widened exactly and rounded once: calls have the bits of the float32 declaration's, rounded, and so everything that is promised of
/// those; and the error of a result is that of rounding the exact one.
/// </summary>
[Trait("Suite", "Levels")]
public class NarrowTests
{
    /// <summary>Of the error of rounding the exact result.</summary>
    private const double MostError = 1.1;

    public static TheoryData<string> Variants => ContractVariants.Names(ContractVariants.Narrow);

    public static TheoryData<string> Causal => ContractVariants.Names(ContractVariants.Narrow.Where(d => d.Causal));

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_AnyCall_BitsOfFloat32Rounded(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RunnableVariant twin = Twin(declaration);
        foreach ((string name, AttentionProblem problem) in ContractProblems.Of(declaration, kernels.Info.ChunkSize))
        {
            foreach (InstructionSet level in Levels.Supported)
            {
                AttentionResult expected = twin.Forward(problem, level);
                SameBits.Check(expected with { Output = Rounded(declaration, expected.Output) }, kernels.Forward(problem, level), $"{level}, {name}");
            }
        }
    }

    /// <summary>Gradients of shared keys and values are summed before they are rounded.</summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_AnyCall_BitsOfFloat32Rounded(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RunnableVariant twin = Twin(declaration);
        int seed = 200;
        foreach ((string name, AttentionProblem call) in ContractProblems.Of(declaration, kernels.Info.ChunkSize))
        {
            GradientProblem problem = GradientProblem.Of(call, declaration.IsNormalized, new RandomProblem(declaration, seed++).Normal);
            foreach (InstructionSet level in Levels.Supported)
            {
                GradientResult expected = twin.Backward(problem, level);
                expected = expected with
                {
                    Queries = Rounded(declaration, expected.Queries),
                    Keys = Rounded(declaration, expected.Keys),
                    Values = Rounded(declaration, expected.Values),
                };
                SameBits.Check(expected, kernels.Backward(problem, level), $"{level}, {name}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void ForwardAndBackward_ManyTokens_ErrorOfOneRounding(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        int chunk = kernels.Info.ChunkSize;
        for (int seed = 300; seed < 303; seed++)
        {
            RandomProblem random = new(declaration, seed);
            AttentionShape shape = new(2, (2 * chunk) + 5, 4) { KeyValueHeads = 2, KeyLength = declaration.Causal ? 0 : chunk + 7 };
            AttentionProblem call = random.WithStates(random.WithMask(random.Of(shape), KeyPadding.Scattered));
            GradientProblem problem = GradientProblem.Of(call, declaration.IsNormalized, random.Normal);
            AttentionResult result = NaiveReference.Run(declaration, call);
            GradientResult gradients = NaiveGradient.Run(declaration, problem);
            foreach (InstructionSet level in Levels.Supported)
            {
                AttentionResult forward = kernels.Forward(call, level);
                GradientResult backward = kernels.Backward(problem, level);
                Check("o", result.Output, forward.Output);
                Check("dq", gradients.Queries, backward.Queries);
                Check("dk", gradients.Keys, backward.Keys);
                Check("dv", gradients.Values, backward.Values);
                RelativeError.AssertAtMost(1e-6, result with { Output = [] }, forward with { Output = [] }, $"{level}, {variant}");

                void Check(string name, double[] exact, double[] actual)
                {
                    double rounding = RelativeError.Rms(Rounded(declaration, exact), exact), error = RelativeError.Rms(actual, exact);
                    Assert.True(error <= MostError * rounding, FormattableString.Invariant($"{name} is off by {error:E3}, rounding by {rounding:E3}: seed {seed}, {level}, {variant}"));
                }
            }
        }
    }

    /// <summary>States are float's whatever the tensors are: a prompt may be read in one format and continued in another.</summary>
    [Theory]
    [MemberData(nameof(Causal))]
    public void State_OfATwin_IsContinued(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        RunnableVariant twin = Twin(declaration);
        AttentionProblem problem = new RandomProblem(declaration, 37).Of(new AttentionShape(2, (2 * kernels.Info.ChunkSize) + 7, 2));
        int split = kernels.Info.ChunkSize + 3;
        ProblemPart first = ProblemPart.Tokens(problem, 0, split), rest = ProblemPart.Tokens(problem, split, problem.Shape.Length - split);
        using RunningState state = kernels.Start(2, 2);
        state.Forward(first.Of(problem));
        using MemoryStream saved = new();
        state.Save(saved);
        saved.Position = 0;
        using RunningState loaded = twin.Load(saved);

        Assert.Equal(twin.Info.Variant, kernels.Info.Variant);
        double[] expected = loaded.Forward(rest.Of(problem));
        SameBits.Check(Rounded(declaration, expected), state.Forward(rest.Of(problem)), variant);
        SameBits.Check(rest.Output(problem, twin.Forward(problem).Output), expected, variant);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Info_TensorsInSixteenBits_StatesInFloat(string variant)
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(variant);
        AttentionInfo twin = Twin(declaration).Info;

        Assert.Equal(declaration.DType, kernels.Info.DType);
        Assert.Equal(twin.BytesPerToken, 2 * kernels.Info.BytesPerToken);
        Assert.Equal(twin.StateBytes, kernels.Info.StateBytes);
        Assert.Equal(twin.RegisterTile, kernels.Info.RegisterTile);
    }

    private static RunnableVariant Twin(Declaration declaration) => ContractVariants.Of((declaration with { DType = DType.Float32 }).ToString()).Kernels;

    private static double[] Rounded(Declaration declaration, double[] values) => Array.ConvertAll(values, declaration.Rounded);
}
