using KernelGen.Runtime;

namespace KernelGen;

/// <content>Snapshots and rollback.</content>
public abstract partial class AttentionState<T>
{
    /// <summary>Keeps the state as it is now, unfinished chunks included.</summary>
    /// <exception cref="ObjectDisposedException">The state has been disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is using the state.</exception>
    public StateSnapshot<T> Snapshot()
    {
        Enter();
        try
        {
            var snapshot = new StateSnapshot<T>(this, _blocks.Length);
            Save(snapshot);
            return snapshot;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Overwrites an existing snapshot with the state as it is now; allocates nothing.</summary>
    /// <param name="existing">A snapshot of this state, or of one with the same variant, sequences and heads.</param>
    /// <exception cref="ArgumentException">The snapshot belongs to another kind of state.</exception>
    /// <exception cref="ObjectDisposedException">The state has been disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is using the state.</exception>
    public void Snapshot(StateSnapshot<T> existing)
    {
        CheckSnapshot(nameof(existing), existing);
        Enter();
        try
        {
            Save(existing);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Takes the state back (or forth) to a snapshot, to the bit; allocates nothing. The snapshot can be used again.</summary>
    /// <param name="snapshot">A snapshot of this state, or of one with the same variant, sequences and heads.</param>
    /// <exception cref="ArgumentException">The snapshot belongs to another kind of state.</exception>
    /// <exception cref="ObjectDisposedException">The state has been disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is using the state.</exception>
    public void Rollback(StateSnapshot<T> snapshot)
    {
        CheckSnapshot(nameof(snapshot), snapshot);
        Enter();
        try
        {
            snapshot.Blocks.CopyTo(_blocks.Span);
            snapshot.Positions.CopyTo(_positions);
            snapshot.Origins.CopyTo(_origins.AsSpan());
        }
        finally
        {
            Exit();
        }
    }

    private void Save(StateSnapshot<T> snapshot)
    {
        _blocks.Span.CopyTo(snapshot.Blocks);
        _positions.CopyTo(snapshot.MutablePositions);
        _origins.CopyTo(snapshot.Origins.AsSpan());
    }

    private void CheckSnapshot(string name, StateSnapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot, name);
        if (snapshot.Traits.Variant != Traits.Variant || snapshot.Traits.State != Traits.State)
            ArgumentFault.Expected(name, $"a snapshot of variant \"{Traits.Variant}\"", $"one of \"{snapshot.Traits.Variant}\"");
        if (snapshot.Sequences != Sequences || snapshot.Heads != Heads)
            ArgumentFault.Expected(name, $"a snapshot of {Sequences} sequences and {Heads} heads", $"{snapshot.Sequences} and {snapshot.Heads}");
    }
}
