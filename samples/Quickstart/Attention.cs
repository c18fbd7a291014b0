using KernelGen;

namespace Quickstart;

/// <summary>One declared class as data, so that the sample can loop over the three. The last three members are its mathematics, for the reference.</summary>
internal sealed record Attention(
    string Name,
    AttentionInfo Info,
    Attention.ForwardCall Forward,
    Attention.ContinueCall Continue,
    Attention.StepCall Step,
    Func<int, int, AttentionState<float>> CreateState,
    Func<double, double> Map,
    bool Normalized,
    Func<int, int, double> Slope)
{
    public delegate void ForwardCall(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o, in AttentionShape shape, in AttentionOptions<float> options);

    public delegate void ContinueCall(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o,
        in AttentionShape shape, AttentionState<float> state, in AttentionOptions<float> options);

    public delegate void StepCall(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o, AttentionState<float> state, in AttentionOptions<float> options);

    public static Attention[] All { get; } =
    [
        new(
            nameof(EluAttention), EluAttention.Info, EluAttention.Forward, EluAttention.Forward, EluAttention.Step, EluAttention.CreateState,
            Map: x => x > 0 ? x + 1 : Math.Exp(x), Normalized: true, Slope: (_, _) => 0),
        new(
            nameof(SquaredReluAttention), SquaredReluAttention.Info, SquaredReluAttention.Forward, SquaredReluAttention.Forward,
            SquaredReluAttention.Step, SquaredReluAttention.CreateState,
            Map: x => (Math.Max(x, 0) * Math.Max(x, 0)) + 0.01f, Normalized: true, Slope: (_, _) => 0),
        new(
            nameof(Lightning), Lightning.Info, Lightning.Forward, Lightning.Forward, Lightning.Step, Lightning.CreateState,
            Map: x => x, Normalized: false, Slope: LightningSlopes.Of),
    ];
}
