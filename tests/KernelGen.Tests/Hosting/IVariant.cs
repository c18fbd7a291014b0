namespace KernelGen.Tests.Hosting;

/// <summary>
/// The members of a generated class, as an interface: an adapter compiled beside each declaration implements it, so that tests call
/// kernels that did not exist when they were compiled, spans and ref structs included, without reflection.
/// </summary>
/// <typeparam name="TElement">Element type of the declaration.</typeparam>
/// <typeparam name="T">Element type of its states and options.</typeparam>
public interface IVariant<TElement, T>
    where TElement : unmanaged
    where T : unmanaged
{
    AttentionInfo Info { get; }

    void Forward(ReadOnlySpan<TElement> q, ReadOnlySpan<TElement> k, ReadOnlySpan<TElement> v, Span<TElement> o, in AttentionShape shape, in AttentionOptions<T> options);

    void Forward(ReadOnlySpan<TElement> q, ReadOnlySpan<TElement> k, ReadOnlySpan<TElement> v, Span<TElement> o, in AttentionShape shape, AttentionState<T> state, in AttentionOptions<T> options);

    void Backward(ReadOnlySpan<TElement> q, ReadOnlySpan<TElement> k, ReadOnlySpan<TElement> v, ReadOnlySpan<TElement> dO, Span<TElement> dq, Span<TElement> dk, Span<TElement> dv, in AttentionShape shape, in BackwardOptions<T> options);

    void Step(ReadOnlySpan<TElement> q, ReadOnlySpan<TElement> k, ReadOnlySpan<TElement> v, Span<TElement> o, AttentionState<T> state, in AttentionOptions<T> options);

    AttentionState<T> CreateState(int sequences, int heads);

    AttentionState<T> ReadState(Stream stream);
}
