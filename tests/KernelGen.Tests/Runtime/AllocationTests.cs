using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

/// <summary>Counts the whole process's allocations, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public class AllocationTests
{
    [Fact]
    public void Forward_AfterTheFirstCalls_AllocatesNothing()
    {
        var pooled = new Problem<LightningFloat, float>(new AttentionShape(2, 9, 2)).WithMask().WithInitialState().WithFinalState();
        AllocatesNothing(pooled.Run);
        var packed = new Problem<CrossFloat, float>(new AttentionShape(1, 9, 2)) { CuSeqlens = [0, 4, 9], Workspace = new Workspace() };
        AllocatesNothing(packed.Run);
    }

    [Fact]
    public void StepSnapshotAndRollback_AfterTheFirstCalls_AllocateNothing()
    {
        var prompt = new Problem<PerHeadDouble, double>(new AttentionShape(2, 5, 2));
        var token = new Problem<PerHeadDouble, double>(new AttentionShape(2, 1, 2));
        using AttentionState<double> state = prompt.CreateState();
        StateSnapshot<double> snapshot = state.Snapshot();
        double[] sums = new double[2 * 2 * 4];
        double[] weights = new double[2 * 2 * 2];

        AllocatesNothing(() =>
        {
            prompt.Run(state);
            state.Snapshot(snapshot);
            StateDriver.Step<ScalarKernel<PerHeadDouble, double>, double>(token.Q, token.K, token.V, token.O, state, token.Options);
            state.CopyTo(sums, weights, token.Slopes);
            state.Rollback(snapshot);
            state.Reset();
            state.CopyFrom(sums, weights);
        });
    }

    [Fact]
    public void Backward_AfterTheFirstCalls_AllocatesNothing()
    {
        var pooled = new Gradients<PerHeadDouble, double>(new Problem<PerHeadDouble, double>(new AttentionShape(2, 9, 2) { KeyValueHeads = 1 }).WithMask().WithInitialState().WithFinalState());
        AllocatesNothing(pooled.Run);
        var ruled = new Gradients<LightningFloat, float>(new Problem<LightningFloat, float>(new AttentionShape(2, 9, 2)));
        AllocatesNothing(ruled.Run);
        var packed = new Gradients<CrossFloat, float>(new Problem<CrossFloat, float>(new AttentionShape(1, 9, 2)) { CuSeqlens = [0, 4, 9], Workspace = new Workspace() });
        AllocatesNothing(packed.Run);
    }

    /// <summary>
    /// Some window of calls allocates nothing in the whole process. The test runner's own threads allocate now and then, so windows are
    /// short and many; a call that allocates spoils every one.
    /// </summary>
    private static void AllocatesNothing(Action call)
    {
        for (int i = 0; i < 100; i++)
            call();
        long own = GC.GetAllocatedBytesForCurrentThread();
        long least = long.MaxValue;
        for (int window = 0; window < 500 && least > 0; window++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < 10; i++)
                call();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(own, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(0, least);
    }
}
