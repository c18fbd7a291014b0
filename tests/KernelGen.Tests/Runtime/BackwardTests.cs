using System.Numerics;
using KernelGen.Runtime;
using KernelGen.Tests.Golden;
using KernelGen.Tests.Hosting;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

/// <summary>The driver of the backward pass, over kernels in plain scalar code, against the equations.</summary>
public class BackwardTests
{
    public static TheoryData<int, int, TensorLayout> Shapes => ForwardTests.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Backward_EveryShape_MatchesTheEquations(int length, int keyValueHeads, TensorLayout layout)
    {
        var shape = new AttentionShape(Batch: 2, length, Heads: 4) { KeyValueHeads = keyValueHeads, Layout = layout };

        Matches(new Problem<EluFloat, float>(shape));
        Matches(new Problem<EluFloat, float>(shape).WithFinalState());
        Matches(new Problem<EluDouble, double>(shape).WithInitialState());
        Matches(new Problem<EluDouble, double>(shape).WithMask().WithInitialState().WithFinalState());
        Matches(new Problem<LightningFloat, float>(shape).WithInitialState().WithFinalState());
        Matches(new Problem<PerHeadDouble, double>(shape));
        Matches(new Problem<PerHeadDouble, double>(shape).WithMask().WithInitialState().WithFinalState());
        Matches(new Problem<PerHeadFloat, float>(shape).WithInitialState().WithFinalState());
        Matches(new Problem<CrossFloat, float>(shape).WithMask().WithInitialState().WithFinalState());
        Matches(new Problem<CrossDouble, double>(shape).WithMask().WithFinalState());
    }

    [Theory]
    [InlineData(TensorLayout.SequenceFirst, 3, 9)]
    [InlineData(TensorLayout.HeadFirst, 3, 9)]
    [InlineData(TensorLayout.SequenceFirst, 20, 2)]
    [InlineData(TensorLayout.HeadFirst, 0, 7)]
    public void Backward_KeysOfAnotherLength_MatchesTheEquations(TensorLayout layout, int length, int keyLength)
    {
        var shape = new AttentionShape(Batch: 2, length, Heads: 4) { KeyValueHeads = 2, KeyLength = keyLength, Layout = layout };

        Matches(new Problem<CrossFloat, float>(shape).WithMask().WithInitialState().WithFinalState());
        Matches(new Problem<CrossDouble, double>(shape));
    }

    [Theory]
    [InlineData(TensorLayout.SequenceFirst)]
    [InlineData(TensorLayout.HeadFirst)]
    public void Backward_PackedSequences_MatchesTheEquations(TensorLayout layout)
    {
        var shape = new AttentionShape(Batch: 1, Length: 29, Heads: 2) { KeyValueHeads = 1, Layout = layout };
        int[] cuts = [0, 0, 5, 6, 6, 29];

        Matches(new Problem<EluDouble, double>(shape) { CuSeqlens = cuts }.WithMask().WithInitialState().WithFinalState());
        Matches(new Problem<PerHeadDouble, double>(shape) { CuSeqlens = cuts }.WithInitialState().WithFinalState());
        Matches(new Problem<PerHeadFloat, float>(shape) { CuSeqlens = cuts }.WithMask());
        Matches(new Problem<CrossFloat, float>(shape) { CuSeqlens = cuts }.WithMask().WithFinalState());
        Matches(new Problem<CrossFloat, float>(shape with { KeyLength = 9 }) { CuSeqlens = cuts, KeyCuSeqlens = [0, 3, 3, 5, 8, 9] }.WithMask().WithInitialState().WithFinalState());
    }

    [Fact]
    public void Backward_PackedSequence_SameBitsAsAlone()
    {
        var packed = new Gradients<PerHeadFloat, float>(new Problem<PerHeadFloat, float>(new AttentionShape(1, 12, 2)) { CuSeqlens = [0, 7, 12] });
        const int width = 2 * 5, valueWidth = 2 * 2;
        var alone = new Gradients<PerHeadFloat, float>(new Problem<PerHeadFloat, float>(new AttentionShape(1, 5, 2))
        {
            Q = packed.Problem.Q[(7 * width)..],
            K = packed.Problem.K[(7 * width)..],
            V = packed.Problem.V[(7 * valueWidth)..],
        })
        { DO = packed.DO[(7 * valueWidth)..] };

        packed.Run();
        alone.Run();

        Assert.Equal(alone.DQ.Read(), packed.DQ.Read()[(7 * width)..]);
        Assert.Equal(alone.DK.Read(), packed.DK.Read()[(7 * width)..]);
        Assert.Equal(alone.DV.Read(), packed.DV.Read()[(7 * valueWidth)..]);
    }

    [Fact]
    public void Backward_EmptySequence_FinalGradientIsTheInitialOne()
    {
        var gradients = new Gradients<EluDouble, double>(new Problem<EluDouble, double>(new AttentionShape(2, 0, 3)).WithInitialState().WithFinalState());

        gradients.Run();

        Assert.Equal(gradients.FinalState, gradients.InitialState.Read());
        Assert.Equal(gradients.FinalNormalizer, gradients.InitialNormalizer.Read());
    }

    [Fact]
    public void Backward_NoSequences_SlopesHaveGradientZero()
    {
        var none = new Gradients<PerHeadDouble, double>(new Problem<PerHeadDouble, double>(new AttentionShape(0, int.MaxValue, 2)));
        var packed = new Gradients<PerHeadDouble, double>(new Problem<PerHeadDouble, double>(new AttentionShape(1, 0, 2)) { CuSeqlens = [0] });

        none.Run();
        packed.Run();

        Assert.Equal([0, 0], none.Slopes.Read());
        Assert.Equal([0, 0], packed.Slopes.Read());
    }

    [Fact]
    public void Backward_MaskedTokensAreNaN_NotSeenAndZero()
    {
        var problem = new Problem<EluFloat, float>(new AttentionShape(1, 6, 1)) { KeyMask = [true, false, true, true, true, false] };
        problem.K.AsSpan(5, 5).Fill(float.NaN);
        problem.V.AsSpan(15, 3).Fill(float.NaN);

        Gradients<EluFloat, float> gradients = Matches(problem);

        Assert.All(gradients.DK.Read()[5..10].Concat(gradients.DV.Read()[15..]), x => Assert.Equal(0, x));
    }

    [Fact]
    public void Backward_EveryCap_Accepted()
    {
        foreach (InstructionSet cap in Enum.GetValues<InstructionSet>())
            Check(new Gradients<EluFloat, float>(new Problem<EluFloat, float>(new AttentionShape(1, 6, 1))) { Cap = cap });
    }

    [Fact]
    public void Backward_NoGradientsAskedForBesideTheInputs_SameBits()
    {
        Problem<PerHeadDouble, double> problem = new Problem<PerHeadDouble, double>(new AttentionShape(2, 7, 2)).WithInitialState();
        var all = new Gradients<PerHeadDouble, double>(problem);
        var few = new Gradients<PerHeadDouble, double>(problem) { DO = all.DO, InitialState = new("none", 0), InitialNormalizer = new("none", 0), Slopes = new("none", 0) };

        all.Run();
        few.Run();

        Assert.Equal(all.DQ.Read(), few.DQ.Read());
        Assert.Equal(all.DK.Read(), few.DK.Read());
        Assert.Equal(all.DV.Read(), few.DV.Read());
    }

    [Theory]
    [InlineData(TensorLayout.SequenceFirst)]
    [InlineData(TensorLayout.HeadFirst)]
    public void Backward_Tensors_SameBitsAsSpans(TensorLayout layout)
    {
        var problem = new Problem<CrossFloat, float>(new AttentionShape(2, 6, 4) { KeyValueHeads = 2, KeyLength = 9, Layout = layout }).WithMask();
        var spans = new Gradients<CrossFloat, float>(problem);
        var tensors = new Gradients<CrossFloat, float>(problem) { DO = spans.DO };

        spans.Run();
        tensors.RunTensors((tokens, heads, width) => layout == TensorLayout.HeadFirst ? [2, heads, tokens, width] : [2, tokens, heads, width]);

        Assert.Equal(spans.DQ.Read(), tensors.DQ.Read());
        Assert.Equal(spans.DK.Read(), tensors.DK.Read());
        Assert.Equal(spans.DV.Read(), tensors.DV.Read());
    }

    [Fact]
    public void Backward_WorkspaceOfTheSizeAskedFor_IsEnoughAndNeedsNoOrder()
    {
        AttentionInfo info = StateDriver.Info<ScalarKernel<PerHeadDouble, double>, double>();
        var shape = new AttentionShape(2, 21, 3);
        Workspace workspace = RunnableVariant<double, double>.Poisoned(info.BackwardWorkspaceBytes(shape));
        long capacity = workspace.Capacity;

        Matches(new Problem<PerHeadDouble, double>(shape) { Workspace = workspace }.WithInitialState().WithFinalState());

        Assert.Equal(capacity, workspace.Capacity);
    }

    [Fact]
    public void Backward_LongSequence_MatchesTheEquations() =>
        Matches(new Problem<PerHeadDouble, double>(new AttentionShape(1, 900, 2) { KeyValueHeads = 1 }).WithInitialState().WithFinalState());

    private static Gradients<TDeclaration, T> Matches<TDeclaration, T>(Problem<TDeclaration, T> problem)
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T> => Check(new Gradients<TDeclaration, T>(problem));

    private static Gradients<TDeclaration, T> Check<TDeclaration, T>(Gradients<TDeclaration, T> gradients)
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[]?[] inputs = [gradients.Problem.Q, gradients.Problem.K, gradients.Problem.V, gradients.DO, gradients.Problem.InitialState, gradients.FinalState, gradients.Problem.Slopes];
        T[]?[] before = inputs.Select(x => (T[]?)x?.Clone()).ToArray();

        gradients.Run();

        for (int i = 0; i < inputs.Length; i++)
            Agreement.Same(before[i], inputs[i]);
        double tolerance = typeof(T) == typeof(float) ? 1e-5 : 1e-11;
        foreach (((string name, double[] reference), (_, double[] values)) in gradients.Expected().Parts.Zip(gradients.Result.Parts))
        {
            // Gradients of one are what the call was given: a dq that cancels to nothing is judged beside them.
            double error = ScaledError.Of(values, reference);
            Assert.True(error <= tolerance, FormattableString.Invariant($"{name} is off by {error:E2}, at most {tolerance:E0} is allowed"));
        }

        return gradients;
    }
}
