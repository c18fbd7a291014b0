namespace KernelGen.Runtime;

/// <summary>The seven tensors of a backward call, all of one element type.</summary>
internal readonly ref struct BackwardTensors
{
    public readonly TensorMemory Q;
    public readonly TensorMemory K;
    public readonly TensorMemory V;
    public readonly TensorMemory OutputGradient;
    public readonly TensorMemory QueryGradient;
    public readonly TensorMemory KeyGradient;
    public readonly TensorMemory ValueGradient;

    private BackwardTensors(TensorMemory q, TensorMemory k, TensorMemory v, TensorMemory outputGradient, TensorMemory queryGradient, TensorMemory keyGradient, TensorMemory valueGradient)
    {
        Q = q;
        K = k;
        V = v;
        OutputGradient = outputGradient;
        QueryGradient = queryGradient;
        KeyGradient = keyGradient;
        ValueGradient = valueGradient;
    }

    /// <summary>Bytes of an element.</summary>
    public int ElementBytes => Q.ElementBytes;

    public static BackwardTensors Of<TElement>(ReadOnlySpan<TElement> q, ReadOnlySpan<TElement> k, ReadOnlySpan<TElement> v, ReadOnlySpan<TElement> outputGradient, Span<TElement> queryGradient, Span<TElement> keyGradient, Span<TElement> valueGradient)
        where TElement : unmanaged =>
        new(
            TensorMemory.Of(q),
            TensorMemory.Of(k),
            TensorMemory.Of(v),
            TensorMemory.Of(outputGradient),
            TensorMemory.Of<TElement>(queryGradient),
            TensorMemory.Of<TElement>(keyGradient),
            TensorMemory.Of<TElement>(valueGradient));
}
