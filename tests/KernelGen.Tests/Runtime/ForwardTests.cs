using System.Numerics;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

public class ForwardTests
{
    public static TheoryData<int, int, TensorLayout> Shapes
    {
        get
        {
            var data = new TheoryData<int, int, TensorLayout>();
            foreach (int length in (int[])[0, 1, 3, 4, 5, 8, 11])
            {
                foreach (int keyValueHeads in (int[])[0, 1, 2])
                {
                    data.Add(length, keyValueHeads, TensorLayout.SequenceFirst);
                    data.Add(length, keyValueHeads, TensorLayout.HeadFirst);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_EveryShape_MatchesTheDefinition(int length, int keyValueHeads, TensorLayout layout)
    {
        var shape = new AttentionShape(Batch: 2, length, Heads: 4) { KeyValueHeads = keyValueHeads, Layout = layout };

        Matches(new Problem<EluFloat, float>(shape));
        Matches(new Problem<EluFloat, float>(shape).WithFinalState());
        Matches(new Problem<EluDouble, double>(shape).WithMask().WithInitialState().WithFinalState());
        Matches(new Problem<LightningFloat, float>(shape).WithInitialState().WithFinalState());
        Matches(new Problem<PerHeadDouble, double>(shape).WithMask().WithInitialState().WithFinalState());
        Matches(new Problem<CrossFloat, float>(shape).WithMask().WithInitialState().WithFinalState());
    }

    [Theory]
    [InlineData(TensorLayout.SequenceFirst)]
    [InlineData(TensorLayout.HeadFirst)]
    public void Forward_MoreKeysThanQueries_MatchesTheDefinition(TensorLayout layout)
    {
        var shape = new AttentionShape(Batch: 2, Length: 3, Heads: 4) { KeyValueHeads = 2, KeyLength = 9, Layout = layout };

        Matches(new Problem<CrossFloat, float>(shape).WithMask().WithInitialState().WithFinalState());
    }

    [Theory]
    [InlineData(TensorLayout.SequenceFirst)]
    [InlineData(TensorLayout.HeadFirst)]
    public void Forward_PackedSequences_MatchesTheDefinition(TensorLayout layout)
    {
        var shape = new AttentionShape(Batch: 1, Length: 17, Heads: 2) { KeyValueHeads = 1, Layout = layout };
        int[] cuts = [0, 0, 5, 6, 6, 17];

        Matches(new Problem<EluDouble, double>(shape) { CuSeqlens = cuts }.WithMask().WithInitialState().WithFinalState());
        Matches(new Problem<PerHeadDouble, double>(shape) { CuSeqlens = cuts }.WithInitialState().WithFinalState());
        Matches(new Problem<CrossFloat, float>(shape) { CuSeqlens = cuts }.WithMask().WithFinalState());
        Matches(new Problem<CrossFloat, float>(shape with { KeyLength = 9 }) { CuSeqlens = cuts, KeyCuSeqlens = [0, 3, 3, 5, 8, 9] }.WithMask().WithInitialState().WithFinalState());
    }

    [Fact]
    public void Forward_PackedSequence_SameBitsAsAlone()
    {
        var packed = new Problem<EluFloat, float>(new AttentionShape(1, 12, 2)) { CuSeqlens = [0, 7, 12] };
        int width = 2 * 5;
        var alone = new Problem<EluFloat, float>(new AttentionShape(1, 5, 2))
        {
            Q = packed.Q[(7 * width)..],
            K = packed.K[(7 * width)..],
            V = packed.V[(7 * 2 * 3)..],
        };

        packed.Run();
        alone.Run();

        Agreement.Same(alone.O, packed.O[(7 * 2 * 3)..]);
    }

    [Fact]
    public void Forward_NoQueriesButKeys_WritesTheFinalState()
    {
        var problem = new Problem<CrossFloat, float>(new AttentionShape(2, 0, 2) { KeyLength = 6 }).WithFinalState();

        Matches(problem);
    }

    [Fact]
    public void Forward_NoSequences_DoesNothing()
    {
        Matches(new Problem<EluFloat, float>(new AttentionShape(0, 5, 2)).WithFinalState());
        Matches(new Problem<EluFloat, float>(new AttentionShape(1, 0, 2)) { CuSeqlens = [0] }.WithFinalState());
    }

    [Fact]
    public void Forward_MaskedTokensAreNaN_NotSeen()
    {
        var problem = new Problem<EluFloat, float>(new AttentionShape(1, 6, 1)) { KeyMask = [true, false, true, true, true, false] };
        problem.K.AsSpan(5, 5).Fill(float.NaN);
        problem.V.AsSpan(15, 3).Fill(float.NaN);

        Matches(problem);
    }

    [Fact]
    public void Forward_EveryCap_Accepted()
    {
        var problem = new Problem<EluFloat, float>(new AttentionShape(1, 6, 1));
        foreach (InstructionSet cap in Enum.GetValues<InstructionSet>())
        {
            KernelGen.Runtime.StateDriver.Forward<ScalarKernel<EluFloat, float>, float>(problem.Q, problem.K, problem.V, problem.O, problem.Shape, new() { Cap = cap });
            Agreement.Close(QuadraticOracle.Of(problem).O, problem.O);
        }
    }

    private static void Matches<TDeclaration, T>(Problem<TDeclaration, T> problem)
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        problem.Run();

        QuadraticOracle oracle = QuadraticOracle.Of(problem);
        Agreement.Close(oracle.O, problem.O);
        if (problem.FinalState is not null)
            Agreement.Close(oracle.State, problem.FinalState);
        if (problem.FinalNormalizer is not null)
            Agreement.Close(oracle.Normalizer, problem.FinalNormalizer);
    }
}
