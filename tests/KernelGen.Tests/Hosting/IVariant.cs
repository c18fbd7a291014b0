namespace KernelGen.Tests.Hosting;

/// <summary>
/// The members of a generated class, as an interface: an adapter compiled beside each declaration implements it, so that tests call
/// kernels that did not exist when they were compiled, spans and ref structs included, without reflection.
/// </summary>
/// <typeparam name="T">Element type of the declaration.</typeparam>
public interface IVariant<T>
    where T : unmanaged
{
    AttentionInfo Info { get; }

    void Forward(ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, Span<T> o, in AttentionShape shape, in AttentionOptions<T> options);

    void Forward(ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, Span<T> o, in AttentionShape shape, AttentionState<T> state, in AttentionOptions<T> options);

    void Backward(ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, ReadOnlySpan<T> dO, Span<T> dq, Span<T> dk, Span<T> dv, in AttentionShape shape, in BackwardOptions<T> options);

    void Step(ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, Span<T> o, AttentionState<T> state, in AttentionOptions<T> options);

    AttentionState<T> CreateState(int sequences, int heads);

    AttentionState<T> ReadState(Stream stream);
}
