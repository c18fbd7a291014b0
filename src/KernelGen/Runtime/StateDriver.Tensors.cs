using System.Numerics;
using System.Numerics.Tensors;

namespace KernelGen.Runtime;

/// <content>Calls that bring tensors of rank 4.</content>
public static partial class StateDriver
{
    /// <summary>As the overload with spans; the tensors say their own shape.</summary>
    /// <typeparam name="TKernel">The generated kernels.</typeparam>
    /// <typeparam name="TElement">Element type of the tensors: <typeparamref name="T"/>, or the 16-bit format that the declaration stores.</typeparam>
    /// <typeparam name="T">Element type of states and arithmetic.</typeparam>
    /// <param name="q">[B, T, H, D], or [B, H, T, D] with heads first.</param>
    /// <param name="k">[B, S, G, D].</param>
    /// <param name="v">[B, S, G, E].</param>
    /// <param name="o">[B, T, H, E], written.</param>
    /// <param name="options">Everything else.</param>
    /// <param name="layout">Order of tokens and heads.</param>
    /// <exception cref="ArgumentException">An argument is not what the declaration or another argument asks for, or a tensor is not dense.</exception>
    public static void Forward<TKernel, TElement, T>(in ReadOnlyTensorSpan<TElement> q, in ReadOnlyTensorSpan<TElement> k, in ReadOnlyTensorSpan<TElement> v, in TensorSpan<TElement> o, in AttentionOptions<T> options, TensorLayout layout)
        where TKernel : struct, IStateKernel<T>
        where TElement : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        KernelTraits traits = TKernel.Traits;
        AttentionShape shape = TensorShapes.Of(q, k, v, o, layout, traits.HeadDim, traits.ValueDim);
        Forward<TKernel, TElement, T>(TensorShapes.Elements(q), TensorShapes.Elements(k), TensorShapes.Elements(v), TensorShapes.Elements(o), shape, options);
    }
}
