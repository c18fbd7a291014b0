using System.Numerics;
using System.Runtime.InteropServices;

namespace KernelGen.Tests.Hosting;

/// <summary>
/// The kernels of a declaration, whatever their element type, called as a careful user would fear: outputs poisoned and guarded, the
/// workspace full of NaN, inputs compared with themselves afterwards.
/// </summary>
internal abstract class RunnableVariant
{
    public abstract AttentionInfo Info { get; }

    /// <summary>One stateless call; with a number of threads, shared out however short it is.</summary>
    public abstract AttentionResult Forward(AttentionProblem problem, InstructionSet? cap = null, int threads = 0);

    /// <summary>One backward call.</summary>
    public abstract GradientResult Backward(GradientProblem problem, InstructionSet? cap = null, int threads = 0);

    /// <summary>A state object at the beginning of every sequence.</summary>
    public abstract RunningState Start(int sequences, int heads);

    /// <summary>A state object that was saved.</summary>
    public abstract RunningState Load(Stream stream);
}

/// <inheritdoc/>
internal sealed class RunnableVariant<TElement, T>(IVariant<TElement, T> kernels, bool learns = false) : RunnableVariant
    where TElement : unmanaged, IEquatable<TElement>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override AttentionInfo Info => kernels.Info;

    public override AttentionResult Forward(AttentionProblem problem, InstructionSet? cap, int threads)
    {
        int states = problem.WantsFinalState ? problem.Sequences * problem.Shape.Heads * Info.FeatureDim : 0;
        var o = new GuardedBuffer<TElement>("o", problem.OutputLength);
        var finalState = new GuardedBuffer<T>("FinalState", states * Info.ValueDim);
        var finalNormalizer = new GuardedBuffer<T>("FinalNormalizer", Info.Normalized ? states : 0);
        var q = new UnchangedInput<TElement>("q", problem.Q);
        var k = new UnchangedInput<TElement>("k", problem.K);
        var v = new UnchangedInput<TElement>("v", problem.V);
        var slopes = new UnchangedInput<T>("Slopes", problem.Slopes);
        var gates = new UnchangedInput<T>("LogGates", problem.LogGates);
        var initialState = new UnchangedInput<T>("InitialState", problem.InitialState);
        var initialNormalizer = new UnchangedInput<T>("InitialNormalizer", problem.InitialNormalizer);
        kernels.Forward(q.Values, k.Values, v.Values, o.Span, problem.Shape, new AttentionOptions<T>
        {
            CuSeqlens = problem.CuSeqlens,
            KeyCuSeqlens = problem.KeyCuSeqlens,
            KeyMask = problem.KeyMask,
            Slopes = slopes.Values,
            LogGates = gates.Values,
            Projection = Projections.Of<T>(problem),
            KeyProjection = Projections.OfKeys<T>(problem),
            InitialState = initialState.Values,
            InitialNormalizer = initialNormalizer.Values,
            FinalState = finalState.Span,
            FinalNormalizer = finalNormalizer.Span,
            Workspace = Poisoned(Info.WorkspaceBytes(problem.Shape, threads)),
            Cap = cap,
            MaxDegreeOfParallelism = threads,
            SharesSmallCalls = threads != 0,
        });
        foreach (IUnchangedInput input in new IUnchangedInput[] { q, k, v, slopes, gates, initialState, initialNormalizer })
            input.Check();
        return new AttentionResult(o.Read(), finalState.Read(), finalNormalizer.Read());
    }

    public override GradientResult Backward(GradientProblem problem, InstructionSet? cap, int threads)
    {
        AttentionProblem forward = problem.Call;
        var dq = new GuardedBuffer<TElement>("dq", forward.Q.Length);
        var dk = new GuardedBuffer<TElement>("dk", forward.K.Length);
        var dv = new GuardedBuffer<TElement>("dv", forward.V.Length);
        var initialStateGradient = new GuardedBuffer<T>("InitialStateGradient", forward.InitialState.Length);
        var initialNormalizerGradient = new GuardedBuffer<T>("InitialNormalizerGradient", forward.InitialNormalizer.Length);
        var slopeGradients = new GuardedBuffer<T>("SlopeGradients", forward.Slopes.Length);
        var q = new UnchangedInput<TElement>("q", forward.Q);
        var k = new UnchangedInput<TElement>("k", forward.K);
        var v = new UnchangedInput<TElement>("v", forward.V);
        var outputGradient = new UnchangedInput<TElement>("dO", problem.Output);
        var slopes = new UnchangedInput<T>("Slopes", forward.Slopes);
        var gates = new UnchangedInput<T>("LogGates", forward.LogGates);
        var gateGradients = new GuardedBuffer<T>("LogGateGradients", forward.LogGates.Length);
        var initialState = new UnchangedInput<T>("InitialState", forward.InitialState);
        var initialNormalizer = new UnchangedInput<T>("InitialNormalizer", forward.InitialNormalizer);
        var finalStateGradient = new UnchangedInput<T>("FinalStateGradient", problem.FinalState);
        var finalNormalizerGradient = new UnchangedInput<T>("FinalNormalizerGradient", problem.FinalNormalizer);
        var projectionGradients = new GuardedBuffer<T>("ProjectionGradients", learns ? forward.Projection.Length : 0);
        var biasGradients = new GuardedBuffer<T>("ProjectionBiasGradients", forward.ProjectionBias.Length);
        var keyProjectionGradients = new GuardedBuffer<T>("KeyProjectionGradients", forward.KeyProjection.Length);
        var keyBiasGradients = new GuardedBuffer<T>("KeyProjectionBiasGradients", forward.KeyProjectionBias.Length);
        kernels.Backward(q.Values, k.Values, v.Values, outputGradient.Values, dq.Span, dk.Span, dv.Span, forward.Shape, new BackwardOptions<T>
        {
            CuSeqlens = forward.CuSeqlens,
            KeyCuSeqlens = forward.KeyCuSeqlens,
            KeyMask = forward.KeyMask,
            Slopes = slopes.Values,
            LogGates = gates.Values,
            Projection = Projections.Of<T>(forward),
            KeyProjection = Projections.OfKeys<T>(forward),
            InitialState = initialState.Values,
            InitialNormalizer = initialNormalizer.Values,
            FinalStateGradient = finalStateGradient.Values,
            FinalNormalizerGradient = finalNormalizerGradient.Values,
            InitialStateGradient = initialStateGradient.Span,
            InitialNormalizerGradient = initialNormalizerGradient.Span,
            SlopeGradients = slopeGradients.Span,
            LogGateGradients = gateGradients.Span,
            ProjectionGradients = projectionGradients.Span,
            ProjectionBiasGradients = biasGradients.Span,
            KeyProjectionGradients = keyProjectionGradients.Span,
            KeyProjectionBiasGradients = keyBiasGradients.Span,
            Workspace = Poisoned(Info.BackwardWorkspaceBytes(forward.Shape, threads)),
            Cap = cap,
            MaxDegreeOfParallelism = threads,
            SharesSmallCalls = threads != 0,
        });
        foreach (IUnchangedInput input in new IUnchangedInput[] { q, k, v, outputGradient, slopes, gates, initialState, initialNormalizer, finalStateGradient, finalNormalizerGradient })
            input.Check();
        return new GradientResult(dq.Read(), dk.Read(), dv.Read(), initialStateGradient.Read(), initialNormalizerGradient.Read())
        {
            Slopes = slopeGradients.Read(),
            LogGates = gateGradients.Read(),
            Projection = projectionGradients.Read(),
            ProjectionBias = biasGradients.Read(),
            KeyProjection = keyProjectionGradients.Read(),
            KeyProjectionBias = keyBiasGradients.Read(),
        };
    }

    public override RunningState Start(int sequences, int heads) => new RunningState<TElement, T>(kernels, kernels.CreateState(sequences, heads));

    public override RunningState Load(Stream stream) => new RunningState<TElement, T>(kernels, kernels.ReadState(stream));

    /// <summary>A workspace of exactly the size that a call says it needs, every byte of it part of a NaN.</summary>
    internal static Workspace Poisoned(long bytes)
    {
        var workspace = new Workspace(bytes);
        if (bytes > 0)
            MemoryMarshal.CreateSpan(ref workspace.First, (int)workspace.Capacity).Fill(0xFF);
        return workspace;
    }
}
