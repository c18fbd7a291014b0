namespace KernelGen.Runtime;

/// <summary>The seven tensors of a backward call.</summary>
internal readonly ref struct BackwardTensors<T>(ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, ReadOnlySpan<T> outputGradient, Span<T> queryGradient, Span<T> keyGradient, Span<T> valueGradient)
{
    public readonly ReadOnlySpan<T> Q = q;
    public readonly ReadOnlySpan<T> K = k;
    public readonly ReadOnlySpan<T> V = v;
    public readonly ReadOnlySpan<T> OutputGradient = outputGradient;
    public readonly Span<T> QueryGradient = queryGradient;
    public readonly Span<T> KeyGradient = keyGradient;
    public readonly Span<T> ValueGradient = valueGradient;
}
