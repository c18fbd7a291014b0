using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

public class SnapshotTests
{
    private static readonly AttentionShape _shape = new(2, 6, 2);

    [Fact]
    public void Rollback_AfterMoreTokens_SameBitsAgain()
    {
        var problem = new Problem<EluFloat, float>(_shape);
        using AttentionState<float> state = problem.CreateState();
        problem.Run(state);
        StateSnapshot<float> snapshot = state.Snapshot();
        problem.Run(state);
        float[] once = [.. problem.O];

        for (int i = 0; i < 2; i++)
        {
            state.Rollback(snapshot);
            Assert.Equal([6, 6], state.Positions.ToArray());
            problem.Run(state);
            Agreement.Same(once, problem.O);
        }
    }

    [Fact]
    public void Snapshot_IntoExisting_Overwrites()
    {
        var problem = new Problem<EluFloat, float>(_shape);
        using AttentionState<float> state = problem.CreateState();
        StateSnapshot<float> snapshot = state.Snapshot();
        problem.Run(state);

        state.Snapshot(snapshot);
        state.Reset();
        state.Rollback(snapshot);

        Assert.Equal([6, 6], state.Positions.ToArray());
        Assert.Equal([6, 6], snapshot.Positions.ToArray());
    }

    [Fact]
    public void Clone_GoesOn_IndependentAndSameBits()
    {
        var problem = new Problem<LightningFloat, float>(_shape);
        using AttentionState<float> state = problem.CreateState();
        problem.Run(state);
        using AttentionState<float> clone = state.Clone();
        problem.Run(state);
        float[] once = [.. problem.O];

        Assert.Equal([6, 6], clone.Positions.ToArray());
        problem.Run(clone);

        Agreement.Same(once, problem.O);
    }

    [Fact]
    public void Rollback_OtherKindOfState_Refused()
    {
        using AttentionState<float> state = StateDriver.CreateState<ScalarKernel<EluFloat, float>, float>(2, 2);
        using AttentionState<float> foreign = StateDriver.CreateState<ScalarKernel<ForeignFloat, float>, float>(2, 2);
        using AttentionState<float> smaller = StateDriver.CreateState<ScalarKernel<EluFloat, float>, float>(1, 4);

        ArgumentException variant = Assert.Throws<ArgumentException>("snapshot", () => state.Rollback(foreign.Snapshot()));
        ArgumentException counts = Assert.Throws<ArgumentException>("existing", () => state.Snapshot(smaller.Snapshot()));

        Assert.Contains("snapshot: expected a snapshot of variant \"EluFloat\", got one of \"ForeignFloat\"", variant.Message);
        Assert.Contains("existing: expected a snapshot of 2 sequences and 2 heads, got 1 and 4", counts.Message);
    }

    [Fact]
    public void EveryUse_AfterDispose_Throws()
    {
        var problem = new Problem<EluFloat, float>(_shape);
        AttentionState<float> state = problem.CreateState();
        StateSnapshot<float> snapshot = state.Snapshot();
        state.Dispose();
        state.Dispose();

        Assert.Throws<ObjectDisposedException>(() => problem.Run(state));
        Assert.Throws<ObjectDisposedException>(() => state.Clone());
        Assert.Throws<ObjectDisposedException>(() => state.Snapshot());
        Assert.Throws<ObjectDisposedException>(() => state.Snapshot(snapshot));
        Assert.Throws<ObjectDisposedException>(() => state.Rollback(snapshot));
        Assert.Throws<ObjectDisposedException>(state.Reset);
        Assert.Throws<ObjectDisposedException>(() => state.Reset(0));
        Assert.Throws<ObjectDisposedException>(() => state.Write(Stream.Null));
        Assert.Throws<ObjectDisposedException>(() => state.CopyTo(new float[2 * 2 * 15], new float[2 * 2 * 5]));
        Assert.Throws<ObjectDisposedException>(() => state.CopyFrom(new float[2 * 2 * 15], new float[2 * 2 * 5]));
        Assert.All(problem.O, x => Assert.True(float.IsNaN(x)));
    }
}
