// Temporary, see benchmarks/KernelGen.Benchmarks/StandIns.cs.
using KernelGen;

namespace Quickstart;

public partial class EluAttention
{
    private static readonly StandInRecurrence Recurrence = new(64, static x => x > 0f ? x + 1f : MathF.Exp(x), decays: false);

    public static AttentionInfo Info => Recurrence.Info;

    public static AttentionState<float> CreateState(int sequences, int heads) => Recurrence.CreateState(sequences, heads);

    public static void Forward(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o,
        in AttentionShape shape, in AttentionOptions<float> options = default) =>
        Recurrence.Forward(q, k, v, o, shape);

    public static void Forward(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o,
        in AttentionShape shape, AttentionState<float> state, in AttentionOptions<float> options = default) =>
        Recurrence.Forward(q, k, v, o, shape, state);

    public static void Step(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o,
        AttentionState<float> state, in AttentionOptions<float> options = default) =>
        Recurrence.Forward(q, k, v, o, new AttentionShape(state.Sequences, 1, state.Heads), state);
}

public partial class SquaredReluAttention
{
    private static readonly StandInRecurrence Recurrence = new(64, Phi, decays: false);

    public static AttentionInfo Info => Recurrence.Info;

    public static AttentionState<float> CreateState(int sequences, int heads) => Recurrence.CreateState(sequences, heads);

    public static void Forward(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o,
        in AttentionShape shape, in AttentionOptions<float> options = default) =>
        Recurrence.Forward(q, k, v, o, shape);

    public static void Forward(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o,
        in AttentionShape shape, AttentionState<float> state, in AttentionOptions<float> options = default) =>
        Recurrence.Forward(q, k, v, o, shape, state);

    public static void Step(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o,
        AttentionState<float> state, in AttentionOptions<float> options = default) =>
        Recurrence.Forward(q, k, v, o, new AttentionShape(state.Sequences, 1, state.Heads), state);
}

public partial class Lightning
{
    private static readonly StandInRecurrence Recurrence = new(64, map: null, decays: true);

    public static AttentionInfo Info => Recurrence.Info;

    public static AttentionState<float> CreateState(int sequences, int heads) => Recurrence.CreateState(sequences, heads);

    public static void Forward(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o,
        in AttentionShape shape, in AttentionOptions<float> options = default) =>
        Recurrence.Forward(q, k, v, o, shape);

    public static void Forward(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o,
        in AttentionShape shape, AttentionState<float> state, in AttentionOptions<float> options = default) =>
        Recurrence.Forward(q, k, v, o, shape, state);

    public static void Step(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o,
        AttentionState<float> state, in AttentionOptions<float> options = default) =>
        Recurrence.Forward(q, k, v, o, new AttentionShape(state.Sequences, 1, state.Heads), state);
}
