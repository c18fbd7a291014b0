using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>
/// Copies of a state object's blocks, for a call that may be canceled while it advances them: one copy of each block, which is nothing beside the tokens that
/// such a call consumes. Calls of few tokens make none; they run to their end once they have begun.
/// </summary>
internal readonly struct SavedBlocks<T>
    where T : unmanaged
{
    /// <summary>Tokens a sequence, on the average, from which copies cost next to nothing.</summary>
    private const int ManyTokens = 64;

    private readonly AttentionState<T>? _state;
    private readonly long _offset;

    private SavedBlocks(AttentionState<T>? state, long offset, long end) => (_state, _offset, End) = (state, offset, end);

    /// <summary>Whether the call can be canceled once it has begun.</summary>
    public bool Exists => _state is not null;

    /// <summary>Where the copies end in the workspace, in bytes.</summary>
    public long End { get; }

    /// <param name="state">What the call advances.</param>
    /// <param name="tokens">Tokens of all sequences.</param>
    /// <param name="isSmall">Whether the call is too short to be canceled.</param>
    /// <param name="offset">Where the copies are to begin in the workspace, in bytes.</param>
    /// <param name="token">Of the call.</param>
    public static unsafe SavedBlocks<T> Plan(AttentionState<T> state, long tokens, bool isSmall, long offset, CancellationToken token)
    {
        long end = offset + ((long)state.Blocks.Length * sizeof(T));
        bool exists = token.CanBeCanceled && !isSmall && tokens >= (long)ManyTokens * state.Sequences && end <= AlignedBuffer<byte>.MaxLength;
        return exists ? new SavedBlocks<T>(state, offset, end) : default;
    }

    public void Save(in WorkspaceLease lease) => _state?.Blocks.CopyTo(MemoryMarshal.CreateSpan(ref lease.At<T>(_offset), _state.Blocks.Length));

    public void Restore(in WorkspaceLease lease)
    {
        if (_state is not null)
            MemoryMarshal.CreateReadOnlySpan(ref lease.At<T>(_offset), _state.Blocks.Length).CopyTo(_state.Blocks);
    }
}
