namespace KernelGen.Runtime;

/// <summary>The four tensors of a call, all of one element type.</summary>
internal readonly ref struct Tensors
{
    public readonly TensorMemory Q;
    public readonly TensorMemory K;
    public readonly TensorMemory V;
    public readonly TensorMemory O;

    private Tensors(TensorMemory q, TensorMemory k, TensorMemory v, TensorMemory o)
    {
        Q = q;
        K = k;
        V = v;
        O = o;
    }

    /// <summary>Bytes of an element.</summary>
    public int ElementBytes => Q.ElementBytes;

    public static Tensors Of<TElement>(ReadOnlySpan<TElement> q, ReadOnlySpan<TElement> k, ReadOnlySpan<TElement> v, Span<TElement> o)
        where TElement : unmanaged =>
        new(TensorMemory.Of(q), TensorMemory.Of(k), TensorMemory.Of(v), TensorMemory.Of<TElement>(o));
}
