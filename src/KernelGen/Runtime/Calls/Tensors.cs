namespace KernelGen.Runtime;

/// <summary>The four tensors of a call.</summary>
internal readonly ref struct Tensors<T>(ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, Span<T> o)
{
    public readonly ReadOnlySpan<T> Q = q;
    public readonly ReadOnlySpan<T> K = k;
    public readonly ReadOnlySpan<T> V = v;
    public readonly Span<T> O = o;
}
