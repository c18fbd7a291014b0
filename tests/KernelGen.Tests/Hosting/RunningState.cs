using System.Numerics;

namespace KernelGen.Tests.Hosting;

/// <summary>A state object of some element type, and the calls that continue it.</summary>
internal abstract class RunningState : IDisposable
{
    /// <summary>Continues every sequence by the problem's tokens; with a number of threads, shared out however few they are.</summary>
    /// <returns>Their outputs.</returns>
    public abstract double[] Forward(AttentionProblem problem, InstructionSet? cap = null, int threads = 0);

    /// <summary>Decodes the problem's one token a sequence.</summary>
    public abstract double[] Step(AttentionProblem problem, InstructionSet? cap = null, int threads = 0);

    /// <summary>The state as plain tensors, unfinished chunks folded in.</summary>
    public abstract (double[] State, double[] Normalizer) Plain(double[] slopes);

    /// <summary>Keeps the state as it is now; calling what comes back returns to it.</summary>
    public abstract Action Snapshot();

    public abstract void Save(Stream stream);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed class RunningState<TElement, T>(IVariant<TElement, T> kernels, AttentionState<T> state) : RunningState
    where TElement : unmanaged, IEquatable<TElement>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override double[] Forward(AttentionProblem problem, InstructionSet? cap, int threads) => Call(problem, cap, threads, isStep: false);

    public override double[] Step(AttentionProblem problem, InstructionSet? cap, int threads) => Call(problem, cap, threads, isStep: true);

    public override (double[] State, double[] Normalizer) Plain(double[] slopes)
    {
        int rows = state.Sequences * state.Heads * kernels.Info.FeatureDim;
        var sum = new GuardedBuffer<T>("state", rows * kernels.Info.ValueDim);
        var normalizer = new GuardedBuffer<T>("normalizer", kernels.Info.Normalized ? rows : 0);
        state.CopyTo(sum.Span, normalizer.Span, Array.ConvertAll(slopes, T.CreateTruncating));
        return (sum.Read(), normalizer.Read());
    }

    public override Action Snapshot()
    {
        StateSnapshot<T> snapshot = state.Snapshot();
        return () => state.Rollback(snapshot);
    }

    public override void Save(Stream stream) => state.Write(stream);

    public override void Dispose() => state.Dispose();

    private double[] Call(AttentionProblem problem, InstructionSet? cap, int threads, bool isStep)
    {
        var o = new GuardedBuffer<TElement>("o", problem.OutputLength);
        var q = new UnchangedInput<TElement>("q", problem.Q);
        var k = new UnchangedInput<TElement>("k", problem.K);
        var v = new UnchangedInput<TElement>("v", problem.V);
        var slopes = new UnchangedInput<T>("Slopes", problem.Slopes);
        var gates = new UnchangedInput<T>("LogGates", problem.LogGates);
        var options = new AttentionOptions<T>
        {
            CuSeqlens = problem.CuSeqlens,
            KeyMask = problem.KeyMask,
            Slopes = slopes.Values,
            LogGates = gates.Values,
            Projection = Projections.Of<T>(problem),
            KeyProjection = Projections.OfKeys<T>(problem),
            Workspace = RunnableVariant<TElement, T>.Poisoned(kernels.Info.WorkspaceBytes(problem.Shape, threads)),
            Cap = cap,
            MaxDegreeOfParallelism = threads,
            SharesSmallCalls = threads != 0,
        };
        if (isStep)
            kernels.Step(q.Values, k.Values, v.Values, o.Span, state, options);
        else
            kernels.Forward(q.Values, k.Values, v.Values, o.Span, problem.Shape, state, options);
        foreach (IUnchangedInput input in new IUnchangedInput[] { q, k, v, slopes, gates })
            input.Check();
        return o.Read();
    }
}
