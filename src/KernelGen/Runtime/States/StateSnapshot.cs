using KernelGen.Runtime;

namespace KernelGen;

/// <summary>
/// A state at one moment, to roll back to: for speculative decoding and beam search. Made by <see cref="AttentionState{T}.Snapshot()"/>;
/// belongs to any state of the same variant, sequences and heads.
/// </summary>
/// <typeparam name="T">Element type of the declaration.</typeparam>
public sealed class StateSnapshot<T>
    where T : unmanaged
{
    private readonly long[] _positions;

    internal StateSnapshot(AttentionState<T> state, int length)
    {
        Traits = state.Traits;
        Heads = state.Heads;
        _positions = new long[state.Sequences];
        Origins = new long[state.Sequences];
        Blocks = GC.AllocateUninitializedArray<T>(length);
    }

    /// <summary>Sequences N.</summary>
    public int Sequences => _positions.Length;

    /// <summary>Query heads H.</summary>
    public int Heads { get; }

    /// <summary>Tokens that each sequence had consumed, [N].</summary>
    public ReadOnlySpan<long> Positions => _positions;

    internal KernelTraits Traits { get; }

    internal Span<long> MutablePositions => _positions;

    internal long[] Origins { get; }

    internal T[] Blocks { get; }
}
