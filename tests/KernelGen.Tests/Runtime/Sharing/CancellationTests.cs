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

    [Theory]
    [MemberData(nameof(Degrees))]
    public void Backward_CanceledDuring_BeginsNoFurtherHeads(int degree)
    {
        var problem = new Problem<EluFloat, float>(s_shape);
        var gradients = new Gradients<EluFloat, float>(problem);
        using var source = new CancellationTokenSource();
        int phases = Hooked(n => { if (n == 5) source.Cancel(); }, () => Assert.ThrowsAny<OperationCanceledException>(() => RunBackward(gradients, degree, source.Token)));

        // Two phases a head: those that had begun come to their end.
        Assert.InRange(phases, 6, 11);
        Assert.Equal(24, Hooked(_ => { }, () => RunBackward(gradients, degree, CancellationToken.None)));
    }

    [Fact]
    public void Backward_CanceledBefore_WritesNothing()
    {
        var gradients = new Gradients<EluFloat, float>(new Problem<EluFloat, float>(s_shape));

        Assert.Throws<OperationCanceledException>(() => RunBackward(gradients, 2, new CancellationToken(canceled: true)));

        Assert.All(gradients.DQ.Span.ToArray(), x => Assert.True(float.IsNaN(x)));
    }

    [Theory]
    [MemberData(nameof(Degrees))]
    public void Backward_KernelThatFails_ExceptionReachesTheCaller(int degree)
    {
        var gradients = new Gradients<EluFloat, float>(new Problem<EluFloat, float>(s_shape));
        var failure = new NotSupportedException("phase 5");

        Hooked(n => _ = n == 5 ? throw failure : 0, () => Assert.Same(failure, Assert.Throws<NotSupportedException>(() => RunBackward(gradients, degree, CancellationToken.None))));
    }

    [Fact]
    public void Backward_NegativeDegree_Refused()
    {
        var gradients = new Gradients<EluFloat, float>(new Problem<EluFloat, float>(s_shape));

        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => RunBackward(gradients, -1, CancellationToken.None));

        Assert.Equal("options.MaxDegreeOfParallelism", error.ParamName);
    }

    private static void RunBackward(Gradients<EluFloat, float> gradients, int degree, CancellationToken token)
    {
        Problem<EluFloat, float> problem = gradients.Problem;
        StateDriver.Backward<HookedKernel, float>(
            problem.Q, problem.K, problem.V, gradients.DO, gradients.DQ.Span, gradients.DK.Span, gradients.DV.Span, problem.Shape,
            new BackwardOptions<float> { MaxDegreeOfParallelism = degree, CancellationToken = token, SharesSmallCalls = true });
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
