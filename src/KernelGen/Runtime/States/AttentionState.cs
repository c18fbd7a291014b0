using System.Runtime.CompilerServices;
using KernelGen.Runtime;

namespace KernelGen;

/// <summary>
/// The running state of N sequences and H heads of one causal declaration: S and z at the last chunk boundary, their compensations, and the
/// unfinished chunk. Continuing a sequence through it, by any mixture of <c>Forward</c> and <c>Step</c> calls, gives the same bits as one
/// call over the whole. Made by the generated class's <c>CreateState</c> and <c>ReadState</c>; any declaration of the same variant may use it.
/// </summary>
/// <remarks>
/// Distinct states are independent. One state serves one call at a time: use by two threads at once is detected and throws
/// <see cref="InvalidOperationException"/>. With <see cref="Decay.PerHead"/> the slopes come with each call and must be the same ones.
/// </remarks>
/// <typeparam name="T">Element type of the declaration.</typeparam>
public abstract partial class AttentionState<T> : IDisposable
    where T : unmanaged
{
    private readonly long[] _positions;

    /// <summary>Where each sequence's chunk grid begins: 0, or the position that a plain state was taken over at.</summary>
    private readonly long[] _origins;

    private AlignedBuffer<T> _blocks;
    private int _busy;
    private bool _disposed;

    private protected AttentionState(KernelTraits traits, int sequences, int heads)
    {
        if (sequences < 1)
            ArgumentFault.OutOfRange(nameof(sequences), "1 or more", sequences);
        if (heads < 1)
            ArgumentFault.OutOfRange(nameof(heads), "1 or more", heads);
        Int128 length = ArgumentFault.Product(sequences, heads, traits.State.Length);
        if (length > AlignedBuffer<T>.MaxLength)
            ArgumentFault.OutOfRange(nameof(sequences), $"at most {AlignedBuffer<T>.MaxLength / ((long)heads * traits.State.Length)} sequences of {heads} heads in one state of {traits.Name}", sequences);
        Traits = traits;
        Sequences = sequences;
        Heads = heads;
        _positions = new long[sequences];
        _origins = new long[sequences];
        _blocks = AlignedBuffer<T>.Create((int)length, clear: true);
    }

    /// <summary>Sequences N.</summary>
    public int Sequences { get; }

    /// <summary>Query heads H.</summary>
    public int Heads { get; }

    /// <summary>Tokens that each sequence has consumed, [N].</summary>
    public ReadOnlySpan<long> Positions => _positions;

    internal KernelTraits Traits { get; }

    /// <summary>Slopes that a rule gives to the heads, [H]; empty where none does.</summary>
    internal abstract ReadOnlySpan<T> RuleSlopes { get; }

    /// <summary>An independent copy, unfinished chunks included.</summary>
    /// <exception cref="ObjectDisposedException">The state has been disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is using the state.</exception>
    public AttentionState<T> Clone()
    {
        Enter();
        try
        {
            AttentionState<T> copy = CreateEmpty();
            _blocks.Span.CopyTo(copy._blocks.Span);
            _positions.CopyTo(copy._positions.AsSpan());
            _origins.CopyTo(copy._origins.AsSpan());
            return copy;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Takes every sequence back to its beginning.</summary>
    /// <exception cref="ObjectDisposedException">The state has been disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is using the state.</exception>
    public void Reset()
    {
        Enter();
        try
        {
            for (int n = 0; n < Sequences; n++)
                ResetSequence(n);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Takes one sequence back to its beginning; the others stay where they are.</summary>
    /// <param name="sequence">0 to N - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sequence.</exception>
    /// <exception cref="ObjectDisposedException">The state has been disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is using the state.</exception>
    public void Reset(int sequence)
    {
        if ((uint)sequence >= (uint)Sequences)
            ArgumentFault.OutOfRange(nameof(sequence), $"0 to {ArgumentFault.Text(Sequences - 1)}", sequence);
        Enter();
        try
        {
            ResetSequence(sequence);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Releases the memory. Every later use throws <see cref="ObjectDisposedException"/>.</summary>
    /// <exception cref="InvalidOperationException">Another call is using the state.</exception>
    public void Dispose()
    {
        if (_disposed)
            return;
        Enter();
        _disposed = true;
        _blocks = default;
        Exit();
        GC.SuppressFinalize(this);
    }

    /// <summary>A state of the same kernels and counts, at its beginning.</summary>
    private protected abstract AttentionState<T> CreateEmpty();

    /// <summary>Folds an unfinished chunk of <paramref name="begin"/> rows into the state proper of <paramref name="block"/>.</summary>
    private protected abstract void Fold(ref T block, ref T scratch, int begin, T slope);

    /// <summary>Begins a use of the state, which <see cref="Exit"/> ends.</summary>
    internal void Enter()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("state: another call is using this state; a state serves one call at a time.");
        if (_disposed)
        {
            Exit();
            throw new ObjectDisposedException("state", "state: it has been disposed of.");
        }
    }

    internal void Exit() => Volatile.Write(ref _busy, 0);

    internal void CheckVariant(KernelTraits traits)
    {
        if (ReferenceEquals(traits, Traits))
            return;
        if (traits.Variant != Traits.Variant)
            ArgumentFault.Expected("state", $"a state of variant \"{traits.Variant}\"", $"one of \"{Traits.Variant}\" ({Traits.Name})");
        if (traits.State != Traits.State)
            ArgumentFault.Expected("state", $"a state laid out as {traits.State}", $"{Traits.State} ({Traits.Name}, compiled by another version of the generator)");
    }

    /// <summary>All blocks.</summary>
    internal Span<T> Blocks => _blocks.Span;

    internal ref T Block(int sequence, int head) =>
        ref Unsafe.Add(ref _blocks.First, (((nint)sequence * Heads) + head) * Traits.State.Length);

    /// <summary>Rows of a sequence's unfinished chunk.</summary>
    internal int Begin(int sequence) => (int)((_positions[sequence] - _origins[sequence]) % Traits.ChunkSize);

    internal void Advance(int sequence, int tokens) => _positions[sequence] += tokens;

    private void ResetSequence(int sequence)
    {
        _blocks.Span.Slice(sequence * Heads * Traits.State.Length, Heads * Traits.State.Length).Clear();
        _positions[sequence] = 0;
        _origins[sequence] = 0;
    }
}
