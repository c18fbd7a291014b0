using System.Numerics;
using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

public class PlainStateTests
{
    [Fact]
    public void CopyTo_UnfinishedChunk_IsFoldedIn()
    {
        FoldsIn<EluFloat, float>();
        FoldsIn<EluDouble, double>();
        FoldsIn<LightningFloat, float>();
        FoldsIn<PerHeadDouble, double>();
    }

    [Fact]
    public void CopyTo_LeavesTheStateAsItIs()
    {
        var problem = new Problem<EluFloat, float>(new AttentionShape(1, 6, 2));
        using AttentionState<float> state = problem.CreateState();
        problem.Run(state);
        using AttentionState<float> untouched = state.Clone();

        state.CopyTo(new float[2 * 15], new float[2 * 5]);
        problem.Run(state);
        float[] after = [.. problem.O];
        problem.Run(untouched);

        Agreement.Same(problem.O, after);
    }

    [Fact]
    public void CopyFrom_FinalStateOfACall_ContinuesIt()
    {
        // 8 tokens end on a chunk boundary, so nothing but the compensation is lost; with a decay there is none: the bits agree.
        var whole = new Problem<LightningFloat, float>(new AttentionShape(1, 12, 2));
        whole.Run();
        var head = new Problem<LightningFloat, float>(new AttentionShape(1, 8, 2)) { Q = whole.Q[..64], K = whole.K[..64], V = whole.V[..96] }.WithFinalState();
        head.Run();
        var tail = new Problem<LightningFloat, float>(new AttentionShape(1, 4, 2)) { Q = whole.Q[64..], K = whole.K[64..], V = whole.V[96..] };
        using AttentionState<float> state = tail.CreateState();

        state.CopyFrom(head.FinalState, default, position: 8);
        tail.Run(state);

        Agreement.Same(whole.O[96..], tail.O);
        Assert.Equal([12], state.Positions.ToArray());
    }

    [Fact]
    public void CopyFrom_AnyPosition_BeginsANewChunkGrid()
    {
        var problem = new Problem<EluFloat, float>(new AttentionShape(1, 6, 1)).WithInitialState();
        using AttentionState<float> state = problem.CreateState();
        problem.Run();
        float[] once = [.. problem.O];
        state.CopyFrom(problem.InitialState, problem.InitialNormalizer, position: 3);
        problem.InitialState = problem.InitialNormalizer = null;

        problem.Run(state);

        Agreement.Same(once, problem.O);
        Assert.Equal([9], state.Positions.ToArray());
    }

    [Fact]
    public void CopyTo_AfterCopyFrom_GivesItBack()
    {
        var problem = new Problem<EluFloat, float>(new AttentionShape(2, 6, 2)).WithInitialState().WithFinalState();
        using AttentionState<float> state = problem.CreateState();

        state.CopyFrom(problem.InitialState, problem.InitialNormalizer);
        state.CopyTo(problem.FinalState, problem.FinalNormalizer);

        Agreement.Same(problem.InitialState, problem.FinalState);
        Agreement.Same(problem.InitialNormalizer, problem.FinalNormalizer);
    }

    [Fact]
    public void CopyTo_WrongArguments_Refused()
    {
        using AttentionState<float> elu = StateDriver.CreateState<ScalarKernel<EluFloat, float>, float>(2, 3);
        using AttentionState<double> perHead = StateDriver.CreateState<ScalarKernel<PerHeadDouble, double>, double>(1, 2);
        float[] memory = new float[200];

        Refused("state", "state: expected 2*3*5*3 = 90 elements ([N, H, M, E]), got 89", () => elu.CopyTo(new float[89], new float[30]));
        Refused("state", "got 0", () => elu.CopyTo(default, new float[30]));
        Refused("normalizer", "normalizer: expected 2*3*5 = 30 elements ([N, H, M]), got 0", () => elu.CopyTo(new float[90]));
        Refused("normalizer", "memory that overlaps state", () => elu.CopyTo(memory.AsSpan(0, 90), memory.AsSpan(89, 30)));
        Refused("slopes", "slopes: expected nothing, EluFloat declares Decay.None", () => elu.CopyTo(new float[90], new float[30], new float[3]));
        Refused("slopes", "slopes: expected 2 elements ([H]), got 0", () => perHead.CopyTo(new double[8], new double[4]));
        Refused("position", "position", () => elu.CopyFrom(new float[90], new float[30], -1));
        Refused("normalizer", "got 29", () => elu.CopyFrom(new float[90], new float[29]));
    }

    private static void Refused(string name, string message, Action call)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(call);
        Assert.Equal(name, error.ParamName);
        Assert.Contains(message, error.Message);
    }

    private static void FoldsIn<TDeclaration, T>()
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int length = 0; length < 9; length++)
        {
            var problem = new Problem<TDeclaration, T>(new AttentionShape(2, length, 2)).WithMask().WithFinalState();
            QuadraticOracle oracle = QuadraticOracle.Of(problem);
            (T[] sums, T[]? weights) = (problem.FinalState!, problem.FinalNormalizer);
            problem.FinalState = problem.FinalNormalizer = null;
            using AttentionState<T> state = problem.CreateState();
            problem.Run(state);

            state.CopyTo(sums, weights, problem.Slopes);

            Agreement.Close(oracle.State, sums);
            if (weights is not null)
                Agreement.Close(oracle.Normalizer, weights);
        }
    }
}
