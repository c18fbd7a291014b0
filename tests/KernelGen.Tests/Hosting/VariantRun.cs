using System.Numerics;
using System.Runtime.InteropServices;

namespace KernelGen.Tests.Hosting;

/// <summary>Calls kernels as a careful user would fear: outputs poisoned and guarded, inputs compared with themselves afterwards.</summary>
internal static class VariantRun
{
    public static AttentionResult Forward<T>(IVariant<T> variant, AttentionProblem problem, InstructionSet? cap, Workspace? workspace = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        AttentionInfo info = variant.Info;
        int states = problem.WantsFinalState ? problem.Sequences * problem.Shape.Heads * info.FeatureDim : 0;
        var o = new GuardedBuffer<T>("o", problem.Shape.Batch * problem.Shape.Length * problem.Shape.Heads * problem.ValueDim);
        var finalState = new GuardedBuffer<T>("FinalState", states * info.ValueDim);
        var finalNormalizer = new GuardedBuffer<T>("FinalNormalizer", info.Normalized ? states : 0);
        using var q = new UnchangedInput<T>("q", problem.Q);
        using var k = new UnchangedInput<T>("k", problem.K);
        using var v = new UnchangedInput<T>("v", problem.V);
        using var slopes = new UnchangedInput<T>("Slopes", problem.Slopes);
        using var initialState = new UnchangedInput<T>("InitialState", problem.InitialState);
        using var initialNormalizer = new UnchangedInput<T>("InitialNormalizer", problem.InitialNormalizer);
        variant.Forward(q.Values, k.Values, v.Values, o.Span, problem.Shape, new AttentionOptions<T>
        {
            CuSeqlens = problem.CuSeqlens,
            KeyCuSeqlens = problem.KeyCuSeqlens,
            KeyMask = problem.KeyMask,
            Slopes = slopes.Values,
            InitialState = initialState.Values,
            InitialNormalizer = initialNormalizer.Values,
            FinalState = finalState.Span,
            FinalNormalizer = finalNormalizer.Span,
            Workspace = workspace,
            Cap = cap,
        });
        return new AttentionResult(o.Read(), finalState.Read(), finalNormalizer.Read());
    }

    /// <summary>Continues a state object by the problem's tokens. A step where <paramref name="asStep"/>: the problem must have one token.</summary>
    public static double[] Continue<T>(IVariant<T> variant, AttentionProblem problem, AttentionState<T> state, InstructionSet? cap, bool asStep = false)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var o = new GuardedBuffer<T>("o", problem.Shape.Batch * problem.Shape.Length * problem.Shape.Heads * problem.ValueDim);
        using var q = new UnchangedInput<T>("q", problem.Q);
        using var k = new UnchangedInput<T>("k", problem.K);
        using var v = new UnchangedInput<T>("v", problem.V);
        using var slopes = new UnchangedInput<T>("Slopes", problem.Slopes);
        var options = new AttentionOptions<T> { CuSeqlens = problem.CuSeqlens, KeyMask = problem.KeyMask, Slopes = slopes.Values, Cap = cap };
        if (asStep)
            variant.Step(q.Values, k.Values, v.Values, o.Span, state, options);
        else
            variant.Forward(q.Values, k.Values, v.Values, o.Span, problem.Shape, state, options);
        return o.Read();
    }

    /// <summary>The state as plain tensors, unfinished chunks folded in.</summary>
    public static (double[] State, double[] Normalizer) Plain<T>(IVariant<T> variant, AttentionState<T> state, double[] slopes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        AttentionInfo info = variant.Info;
        int rows = state.Sequences * state.Heads * info.FeatureDim;
        var sum = new GuardedBuffer<T>("state", rows * info.ValueDim);
        var normalizer = new GuardedBuffer<T>("normalizer", info.Normalized ? rows : 0);
        state.CopyTo(sum.Span, normalizer.Span, Rounded<T>(slopes));
        return (sum.Read(), normalizer.Read());
    }

    private static T[] Rounded<T>(double[] values)
        where T : unmanaged, IFloatingPointIeee754<T> => Array.ConvertAll(values, T.CreateTruncating);

    /// <summary>An input in the kernels' element type that must be the same, to the bit (it may hold NaN), when the call is over.</summary>
    private readonly struct UnchangedInput<T>(string name, double[] values) : IDisposable
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly T[] _before = Rounded<T>(values);

        public T[] Values { get; } = Rounded<T>(values);

        public void Dispose() => Assert.True(MemoryMarshal.AsBytes<T>(_before).SequenceEqual(MemoryMarshal.AsBytes<T>(Values)), $"{name} was changed by the call");
    }
}
