using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <content>Calls of declarations that store what they compute with.</content>
public static partial class StateDriver
{
    /// <inheritdoc cref="Forward{TKernel, TElement, T}(ReadOnlySpan{TElement}, ReadOnlySpan{TElement}, ReadOnlySpan{TElement}, Span{TElement}, in AttentionShape, in AttentionOptions{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<TKernel, T>(ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, Span<T> o, in AttentionShape shape, in AttentionOptions<T> options)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T> => Forward<TKernel, T, T>(q, k, v, o, in shape, in options);

    /// <inheritdoc cref="Forward{TKernel, TElement, T}(ReadOnlySpan{TElement}, ReadOnlySpan{TElement}, ReadOnlySpan{TElement}, Span{TElement}, in AttentionShape, AttentionState{T}, in AttentionOptions{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<TKernel, T>(ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, Span<T> o, in AttentionShape shape, AttentionState<T> state, in AttentionOptions<T> options)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T> => Forward<TKernel, T, T>(q, k, v, o, in shape, state, in options);

    /// <inheritdoc cref="Forward{TKernel, TElement, T}(in ReadOnlyTensorSpan{TElement}, in ReadOnlyTensorSpan{TElement}, in ReadOnlyTensorSpan{TElement}, in TensorSpan{TElement}, in AttentionOptions{T}, TensorLayout)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<TKernel, T>(in ReadOnlyTensorSpan<T> q, in ReadOnlyTensorSpan<T> k, in ReadOnlyTensorSpan<T> v, in TensorSpan<T> o, in AttentionOptions<T> options, TensorLayout layout)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T> => Forward<TKernel, T, T>(in q, in k, in v, in o, in options, layout);

    /// <inheritdoc cref="Step{TKernel, TElement, T}(ReadOnlySpan{TElement}, ReadOnlySpan{TElement}, ReadOnlySpan{TElement}, Span{TElement}, AttentionState{T}, in AttentionOptions{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TKernel, T>(ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, Span<T> o, AttentionState<T> state, in AttentionOptions<T> options)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T> => Step<TKernel, T, T>(q, k, v, o, state, in options);

    /// <inheritdoc cref="Backward{TKernel, TElement, T}(ReadOnlySpan{TElement}, ReadOnlySpan{TElement}, ReadOnlySpan{TElement}, ReadOnlySpan{TElement}, Span{TElement}, Span{TElement}, Span{TElement}, in AttentionShape, in BackwardOptions{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<TKernel, T>(ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, ReadOnlySpan<T> dO, Span<T> dq, Span<T> dk, Span<T> dv, in AttentionShape shape, in BackwardOptions<T> options)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T> => Backward<TKernel, T, T>(q, k, v, dO, dq, dk, dv, in shape, in options);

    /// <inheritdoc cref="Backward{TKernel, TElement, T}(in ReadOnlyTensorSpan{TElement}, in ReadOnlyTensorSpan{TElement}, in ReadOnlyTensorSpan{TElement}, in ReadOnlyTensorSpan{TElement}, in TensorSpan{TElement}, in TensorSpan{TElement}, in TensorSpan{TElement}, in BackwardOptions{T}, TensorLayout)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<TKernel, T>(in ReadOnlyTensorSpan<T> q, in ReadOnlyTensorSpan<T> k, in ReadOnlyTensorSpan<T> v, in ReadOnlyTensorSpan<T> dO, in TensorSpan<T> dq, in TensorSpan<T> dk, in TensorSpan<T> dv, in BackwardOptions<T> options, TensorLayout layout)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T> => Backward<TKernel, T, T>(in q, in k, in v, in dO, in dq, in dk, in dv, in options, layout);
}
