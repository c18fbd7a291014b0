using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

public class ConcurrencyTests
{
    [Fact]
    public void Forward_ManyThreadsWithOwnStatesAndThePool_SameBitsAsAlone()
    {
        var shape = new AttentionShape(2, 13, 2);
        float[][] expected = [.. Enumerable.Range(0, 8).Select(Run)];

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => Agreement.Same(expected[i % 8], Run(i % 8)));

        float[] Run(int seed)
        {
            var problem = new Problem<EluFloat, float>(shape, seed).WithMask();
            using AttentionState<float> state = problem.CreateState();
            var results = new List<float>();
            for (int call = 0; call < 10; call++)
            {
                problem.Run(state);
                results.AddRange(problem.O);
                problem.Run();
                results.AddRange(problem.O);
            }

            return [.. results];
        }
    }

    [Fact]
    public void EveryUse_OfAStateInUse_Throws()
    {
        var problem = new Problem<EluFloat, float>(new AttentionShape(1, 6, 1));
        using AttentionState<float> state = problem.CreateState();
        StateSnapshot<float> snapshot = state.Snapshot();

        // A stream is called back in the middle of a use.
        using var stream = new CallbackStream(() =>
        {
            Busy(() => problem.Run(state));
            Busy(() => state.Clone());
            Busy(() => state.Snapshot());
            Busy(() => state.Rollback(snapshot));
            Busy(state.Reset);
            Busy(state.Dispose);
            Busy(() => state.Write(Stream.Null));
            Busy(() => state.CopyTo(new float[15], new float[5]));
        });
        state.Write(stream);

        Assert.True(stream.Called);
        problem.Run(state);

        static void Busy(Action use) => Assert.Equal("state: another call is using this state; a state serves one call at a time.", Assert.Throws<InvalidOperationException>(use).Message);
    }

    [Fact]
    public void Forward_OverAWorkspaceInUse_Throws()
    {
        var problem = new Problem<EluFloat, float>(new AttentionShape(1, 6, 1)) { Workspace = new Workspace() };
        problem.Workspace.Enter(1);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(problem.Run);

        Assert.StartsWith("options.Workspace: another call is using this workspace", error.Message);
        Assert.All(problem.O, x => Assert.True(float.IsNaN(x)));
        problem.Workspace.Exit();
        problem.Run();
    }

    private sealed class CallbackStream(Action callback) : MemoryStream
    {
        public bool Called { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Called)
                return;
            Called = true;
            callback();
        }
    }
}
