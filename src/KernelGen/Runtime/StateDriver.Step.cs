using System.Numerics;

namespace KernelGen.Runtime;

/// <content>Decoding.</content>
public static partial class StateDriver
{
    /// <summary>One token of every sequence: the same bits as the same token inside a longer call.</summary>
    /// <typeparam name="TKernel">The generated kernels.</typeparam>
    /// <typeparam name="TElement">Element type of the tensors: <typeparamref name="T"/>, or the 16-bit format that the declaration stores.</typeparam>
    /// <typeparam name="T">Element type of states and arithmetic.</typeparam>
    /// <param name="q">Queries, [N, H, D].</param>
    /// <param name="k">Keys, [N, G, D], where G divides H.</param>
    /// <param name="v">Values, [N, G, E].</param>
    /// <param name="o">Outputs, [N, H, E], written.</param>
    /// <param name="state">The state that the token continues, and advances.</param>
    /// <param name="options">Everything else; packed sequences and plain states are refused.</param>
    /// <exception cref="ArgumentException">An argument is not what the state, the declaration or another argument asks for.</exception>
    public static void Step<TKernel, TElement, T>(ReadOnlySpan<TElement> q, ReadOnlySpan<TElement> k, ReadOnlySpan<TElement> v, Span<TElement> o, AttentionState<T> state, in AttentionOptions<T> options)
        where TKernel : struct, IStateKernel<T>
        where TElement : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        KernelTraits traits = TKernel.Traits;
        ArgumentNullException.ThrowIfNull(state);
        if (!options.CuSeqlens.IsEmpty)
            ArgumentFault.Refused("options.CuSeqlens", "a step is one token of every sequence");
        int keyHeads = ShapeValidation.CheckRows(Tensors.Of(q, k, v, o), state.Sequences, state.Heads, traits);

        // [N, 1, H, D] and [N, H, 1, D] are the same memory as [N, H, D].
        var shape = new AttentionShape(state.Sequences, 1, state.Heads) { KeyValueHeads = keyHeads };
        Forward<TKernel, TElement, T>(q, k, v, o, shape, state, options);
    }
}
