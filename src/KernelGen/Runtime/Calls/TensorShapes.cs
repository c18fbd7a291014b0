using System.ComponentModel;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>Reads the shape of a call from tensors of rank 4, and their elements as spans.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TensorShapes
{
    /// <summary>The shape that q, k, v and o describe together.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="q">[B, T, H, D], or [B, H, T, D] with heads first.</param>
    /// <param name="k">[B, S, G, D].</param>
    /// <param name="v">[B, S, G, E].</param>
    /// <param name="o">[B, T, H, E].</param>
    /// <param name="layout">Order of tokens and heads.</param>
    /// <param name="headDim">The declaration's D.</param>
    /// <param name="valueDim">The declaration's E.</param>
    /// <exception cref="ArgumentException">A tensor has another rank, a length that disagrees with another's, or gaps between its elements.</exception>
    public static AttentionShape Of<T>(in ReadOnlyTensorSpan<T> q, in ReadOnlyTensorSpan<T> k, in ReadOnlyTensorSpan<T> v, in TensorSpan<T> o, TensorLayout layout, int headDim, int valueDim)
        where T : unmanaged => Describe(q, k, v, "o", o.Lengths, o.Strides, layout, headDim, valueDim);

    /// <summary>The shape that the tensors of a backward call describe together: dO as o, the gradients as what they belong to.</summary>
    internal static AttentionShape OfBackward<T>(in ReadOnlyTensorSpan<T> q, in ReadOnlyTensorSpan<T> k, in ReadOnlyTensorSpan<T> v, in ReadOnlyTensorSpan<T> dO, in TensorSpan<T> dq, in TensorSpan<T> dk, in TensorSpan<T> dv, TensorLayout layout, int headDim, int valueDim)
        where T : unmanaged
    {
        AttentionShape shape = Describe(q, k, v, "dO", dO.Lengths, dO.Strides, layout, headDim, valueDim);
        bool headFirst = layout == TensorLayout.HeadFirst;
        CheckLengths("dq", dq.Lengths, dq.Strides, shape.Batch, shape.Length, shape.Heads, headDim, headFirst);
        CheckLengths("dk", dk.Lengths, dk.Strides, shape.Batch, shape.KeyLength, shape.KeyValueHeads, headDim, headFirst);
        CheckLengths("dv", dv.Lengths, dv.Strides, shape.Batch, shape.KeyLength, shape.KeyValueHeads, valueDim, headFirst);
        return shape;
    }

    private static AttentionShape Describe<T>(in ReadOnlyTensorSpan<T> q, in ReadOnlyTensorSpan<T> k, in ReadOnlyTensorSpan<T> v, string outputName, ReadOnlySpan<nint> outputLengths, ReadOnlySpan<nint> outputStrides, TensorLayout layout, int headDim, int valueDim)
        where T : unmanaged
    {
        bool headFirst = layout == TensorLayout.HeadFirst;
        CheckRank("q", q.Lengths);
        CheckRank("k", k.Lengths);
        int token = headFirst ? 2 : 1;
        int head = headFirst ? 1 : 2;
        nint batch = q.Lengths[0];
        nint length = q.Lengths[token];
        nint heads = q.Lengths[head];
        nint keyLength = k.Lengths[token];
        nint keyHeads = k.Lengths[head];
        CheckLengths("q", q.Lengths, q.Strides, batch, length, heads, headDim, headFirst);
        CheckLengths("k", k.Lengths, k.Strides, batch, keyLength, keyHeads, headDim, headFirst);
        CheckLengths("v", v.Lengths, v.Strides, batch, keyLength, keyHeads, valueDim, headFirst);
        CheckLengths(outputName, outputLengths, outputStrides, batch, length, heads, valueDim, headFirst);
        if (keyHeads == 0 || heads % keyHeads != 0)
            ArgumentFault.Expected("k", $"a number of heads that divides q's {ArgumentFault.Text(heads)}", ArgumentFault.Text(keyHeads));
        if (keyLength == 0 && length != 0)
            ArgumentFault.Expected("k", "at least one token", "none");
        return new AttentionShape((int)batch, (int)length, (int)heads) { KeyValueHeads = (int)keyHeads, KeyLength = (int)keyLength, Layout = layout };
    }

    /// <summary>The elements of a dense tensor in order.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="tensor">A tensor that <see cref="Of"/> has passed.</param>
    public static ReadOnlySpan<T> Elements<T>(in ReadOnlyTensorSpan<T> tensor)
        where T : unmanaged => MemoryMarshal.CreateReadOnlySpan(in tensor.GetPinnableReference(), (int)tensor.FlattenedLength);

    /// <inheritdoc cref="Elements{T}(in ReadOnlyTensorSpan{T})"/>
    public static Span<T> Elements<T>(in TensorSpan<T> tensor)
        where T : unmanaged => MemoryMarshal.CreateSpan(ref tensor.GetPinnableReference(), (int)tensor.FlattenedLength);

    private static void CheckRank(string name, ReadOnlySpan<nint> lengths)
    {
        if (lengths.Length != 4)
            ArgumentFault.Expected(name, "rank 4", $"rank {ArgumentFault.Text(lengths.Length)}");
    }

    private static void CheckLengths(string name, ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides, nint batch, nint tokens, nint heads, int width, bool headFirst)
    {
        CheckRank(name, lengths);
        ReadOnlySpan<nint> expected = headFirst ? [batch, heads, tokens, width] : [batch, tokens, heads, width];
        if (!lengths.SequenceEqual(expected))
            ArgumentFault.Expected(name, $"{Text(expected)} (as q, k and the declaration say)", Text(lengths));

        nint dense = 1;
        for (int i = 3; i >= 0; i--)
        {
            if (lengths[i] > 1 && strides[i] != dense)
                ArgumentFault.Expected(name, $"dense rows, stride {ArgumentFault.Text(dense)} in dimension {ArgumentFault.Text(i)}", ArgumentFault.Text(strides[i]));
            dense *= lengths[i];
        }

        // Spans and shapes count in int.
        if (dense > int.MaxValue || batch > int.MaxValue || tokens > int.MaxValue || heads > int.MaxValue)
            ArgumentFault.Expected(name, $"at most {ArgumentFault.Text(int.MaxValue)} elements", Text(lengths));
    }

    private static string Text(ReadOnlySpan<nint> lengths) => $"[{string.Join(", ", lengths.ToArray().Select(l => ArgumentFault.Text(l)))}]";
}
