using System.Runtime.InteropServices;
using KernelGen;

namespace Quickstart;

/// <summary>One sequence that arrives bit by bit: a state carries what came before.</summary>
internal static class Streaming
{
    private const int Heads = 1;
    private const int HeadDim = 64;

    /// <summary>Sizes of the pieces, in turns: nothing about them is round.</summary>
    private static readonly int[] _pieces = [1, 7, 1000, 64, 3, 129, 4096, 31];

    /// <summary>Whether token by token and piece by piece give the same outputs, to the last bit.</summary>
    public static bool StepsAndPiecesAgree(Attention attention, int length)
    {
        Tensors tensors = Tensors.Random(new AttentionShape(Batch: 1, length, Heads), HeadDim);
        float[] byStep = TokenByToken(attention, tensors);
        float[] byPiece = PieceByPiece(attention, tensors);

        // As bytes, because 0 == -0 and NaN != NaN.
        return MemoryMarshal.AsBytes<float>(byStep).SequenceEqual(MemoryMarshal.AsBytes<float>(byPiece));
    }

    private static float[] TokenByToken(Attention attention, Tensors tensors)
    {
        float[] output = new float[tensors.O.Length];
        int width = Heads * HeadDim;
        using AttentionState<float> state = attention.CreateState(1, Heads);
        for (int at = 0; at < output.Length; at += width)
        {
            attention.Step(
                tensors.Q.AsSpan(at, width), tensors.K.AsSpan(at, width), tensors.V.AsSpan(at, width), output.AsSpan(at, width), state, default);
        }

        return output;
    }

    private static float[] PieceByPiece(Attention attention, Tensors tensors)
    {
        float[] output = new float[tensors.O.Length];
        int width = Heads * HeadDim;
        using AttentionState<float> state = attention.CreateState(1, Heads);
        for (int at = 0, piece = 0; at < output.Length; piece++)
        {
            int count = Math.Min(_pieces[piece % _pieces.Length] * width, output.Length - at);
            AttentionShape shape = new(Batch: 1, Length: count / width, Heads);
            attention.Continue(
                tensors.Q.AsSpan(at, count), tensors.K.AsSpan(at, count), tensors.V.AsSpan(at, count), output.AsSpan(at, count), shape, state, default);
            at += count;
        }

        return output;
    }
}
