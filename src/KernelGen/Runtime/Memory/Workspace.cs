using KernelGen.Runtime;

namespace KernelGen;

/// <summary>
/// Scratch memory that calls borrow: make one, hand it to every call of one thread (<c>AttentionOptions.Workspace</c>), and only the first
/// calls allocate. It grows to the largest need so far and holds nothing between calls. Any declaration and element type may use it, one
/// call at a time.
/// </summary>
public sealed class Workspace
{
    private AlignedBuffer<byte> _memory;
    private int _busy;

    /// <summary>An empty workspace: it grows when it is first used.</summary>
    public Workspace()
    {
    }

    /// <summary>A workspace of a given size.</summary>
    /// <param name="bytes">Bytes it starts with: see <see cref="AttentionInfo.WorkspaceBytes(in AttentionShape)"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is negative or more than one array can hold.</exception>
    public Workspace(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, AlignedBuffer<byte>.MaxLength);
        Grow(bytes);
    }

    /// <summary>Bytes it holds.</summary>
    public long Capacity => _memory.Length;

    /// <summary>First byte, on a 64-byte line. Only the call that entered may ask.</summary>
    internal ref byte First => ref _memory.First;

    /// <summary>The helpers of the call that entered.</summary>
    internal WorkerTeam Team { get; } = new();

    /// <summary>Begins a call that needs <paramref name="bytes"/> bytes; <see cref="Exit"/> ends it.</summary>
    /// <exception cref="InvalidOperationException">Another call is using the workspace.</exception>
    internal void Enter(long bytes)
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("options.Workspace: another call is using this workspace; a workspace serves one call at a time, give each thread its own (or none: the pool's).");
        try
        {
            Grow(bytes);
        }
        catch
        {
            Exit();
            throw;
        }
    }

    internal void Exit() => Volatile.Write(ref _busy, 0);

    private void Grow(long bytes)
    {
        if (bytes > AlignedBuffer<byte>.MaxLength)
            throw new InvalidOperationException($"a call needs {bytes} bytes of workspace, more than the {AlignedBuffer<byte>.MaxLength} bytes that one array can hold");
        if (bytes > _memory.Length)
            _memory = AlignedBuffer<byte>.Create((int)bytes, clear: false);
    }
}
