using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime.Sharing;

public class CancellationTests
{
    private static readonly AttentionShape s_shape = new(3, 70, 4);

    public static TheoryData<int> Degrees => [1, 3];

    [Fact]
    public void Forward_CanceledBefore_WritesNothing()
    {
        var problem = new Problem<EluFloat, float>(s_shape).WithFinalState();
        using AttentionState<float> state = problem.CreateState();
        var canceled = new CancellationToken(canceled: true);

        Assert.Throws<OperationCanceledException>(() => Run(problem, null, 2, canceled));
        Assert.Throws<OperationCanceledException>(() => Run(problem, state, 2, canceled));

        Assert.All(problem.O, x => Assert.True(float.IsNaN(x)));
        Assert.All(problem.FinalState!, x => Assert.True(float.IsNaN(x)));
        Assert.Equal([0L, 0L, 0L], state.Positions.ToArray());
    }

    [Theory]
    [MemberData(nameof(Degrees))]
    public void Forward_CanceledDuring_StateIsAsBefore(int degree)
    {
        var problem = new Problem<EluFloat, float>(s_shape);
        using AttentionState<float> state = problem.CreateState();
        problem.Run(state);
        using AttentionState<float> before = state.Clone();
        using var source = new CancellationTokenSource();
        int sweeps = Hooked(n => { if (n == 5) source.Cancel(); }, () => Assert.ThrowsAny<OperationCanceledException>(() => Run(problem, state, degree, source.Token)));

        Assert.InRange(sweeps, 6, 11);
        Assert.Equal(Saved(before), Saved(state));
        problem.Run(before);
        float[] expected = [.. problem.O];
        problem.Run(state);
        Assert.Equal(expected, problem.O);
    }

    [Theory]
    [MemberData(nameof(Degrees))]
    public void Forward_KernelThatFails_ExceptionReachesTheCallerAndStateMayBeUsedAgain(int degree)
    {
        var problem = new Problem<EluFloat, float>(s_shape);
        using AttentionState<float> state = problem.CreateState();
        using AttentionState<float> before = state.Clone();
        using var source = new CancellationTokenSource();
        var failure = new NotSupportedException("sweep 5");
        Hooked(n => _ = n == 5 ? throw failure : 0, () => Assert.Same(failure, Assert.Throws<NotSupportedException>(() => Run(problem, state, degree, source.Token))));

        Assert.Equal(Saved(before), Saved(state));
        problem.Run(state);
    }

    [Fact]
    public void Step_CanceledOnceBegun_Completes()
    {
        var problem = new Problem<EluFloat, float>(new AttentionShape(3, 1, 4));
        using AttentionState<float> state = problem.CreateState();
        using var source = new CancellationTokenSource();
        int sweeps = Hooked(n => { if (n == 5) source.Cancel(); }, () => Run(problem, state, 1, source.Token));

        Assert.Equal(12, sweeps);
        Assert.Equal([1L, 1L, 1L], state.Positions.ToArray());
        Assert.All(problem.O, x => Assert.False(float.IsNaN(x)));
    }

    [Fact]
    public void Forward_DegreeOfOne_StaysOnTheCallersThread()
    {
        var problem = new Problem<EluFloat, float>(s_shape);
        int caller = Environment.CurrentManagedThreadId;

        Assert.Equal(12, Hooked(_ => Assert.Equal(caller, Environment.CurrentManagedThreadId), () => Run(problem, null, 1, CancellationToken.None)));
    }

    [Fact]
    public void Forward_LittleWork_StaysOnTheCallersThread()
    {
        var problem = new Problem<EluFloat, float>(s_shape);
        int caller = Environment.CurrentManagedThreadId;

        Assert.Equal(12, Hooked(
            _ => Assert.Equal(caller, Environment.CurrentManagedThreadId),
            () => StateDriver.Forward<HookedKernel, float>(problem.Q, problem.K, problem.V, problem.O, s_shape, new() { MaxDegreeOfParallelism = 4 })));
    }

    [Fact]
    public void Forward_NegativeDegree_Refused()
    {
        var problem = new Problem<EluFloat, float>(s_shape);

        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => Run(problem, null, -1, CancellationToken.None));

        Assert.Equal("options.MaxDegreeOfParallelism", error.ParamName);
    }

    private static int Hooked(Action<int> before, Action call)
    {
        HookedKernel.Sweeps = 0;
        HookedKernel.BeforeSweep = before;
        try
        {
            call();
            return HookedKernel.Sweeps;
        }
        finally
        {
            HookedKernel.BeforeSweep = null;
        }
    }

    private static void Run(Problem<EluFloat, float> problem, AttentionState<float>? state, int degree, CancellationToken token)
    {
        var options = new AttentionOptions<float>
        {
            FinalState = state is null ? problem.FinalState : default,
            FinalNormalizer = state is null ? problem.FinalNormalizer : default,
            MaxDegreeOfParallelism = degree,
            CancellationToken = token,
            SharesSmallCalls = true,
        };
        if (state is null)
            StateDriver.Forward<HookedKernel, float>(problem.Q, problem.K, problem.V, problem.O, problem.Shape, options);
        else
            StateDriver.Forward<HookedKernel, float>(problem.Q, problem.K, problem.V, problem.O, problem.Shape, state, options);
    }

    private static byte[] Saved(AttentionState<float> state)
    {
        using var stream = new MemoryStream();
        state.Write(stream);
        return stream.ToArray();
    }
}
