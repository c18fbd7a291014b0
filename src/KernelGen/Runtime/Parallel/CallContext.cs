using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>What the workers of a forward call share: the checked call, how it is cut, and the memory of each worker.</summary>
internal readonly ref struct CallContext<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly WorkspaceLease _lease;
    private readonly CallPlan _plan;
    private readonly ReadOnlySpan<T> _slopes;
    private readonly KernelTraits _traits;

    public readonly AttentionCall<T> Call;
    public readonly Partition Partition;

    public CallContext(in AttentionCall<T> call, AttentionState<T>? state, KernelTraits traits, in Partition partition, in CallPlan plan, WorkspaceLease lease, ReadOnlySpan<T> slopes, InstructionSet level, OutputMode output)
    {
        Call = call;
        State = state;
        Partition = partition;
        Level = level;
        Output = output;
        _traits = traits;
        _plan = plan;
        _lease = lease;
        _slopes = slopes;
    }

    /// <summary>The state object that the call continues, if any.</summary>
    public AttentionState<T>? State { get; }

    public InstructionSet Level { get; }

    public OutputMode Output { get; }

    public int Pairs => Call.Sequences * Call.Geometry.Heads;

    /// <summary>A worker's own state block.</summary>
    public ref T Block(int worker) => ref _lease.At<T>(worker * _plan.Worker);

    /// <summary>A worker's own scratch.</summary>
    public ref T Scratch(int worker) => ref _lease.At<T>((worker * _plan.Worker) + _plan.Scratch);

    /// <summary>The state block of a head that is cut, which outlives the units of its phases.</summary>
    public ref T HeadBlock => ref _lease.At<T>(_plan.Head);

    /// <summary>The slots of the group of chunks that a worker has in hand.</summary>
    public ref T Slots(int worker) => ref _lease.At<T>((worker * _plan.Worker) + _plan.Slots);

    public T Slope(int head) => _slopes.IsEmpty ? T.Zero : _slopes[head];

    /// <summary>Whether a pair is cut along its sequence: keys or queries.</summary>
    public bool IsCut(int pair)
    {
        if (!Partition.HasFewPairs)
            return false;
        SequenceRange range = Call.Range(pair / Call.Geometry.Heads);
        return (_traits.Window is not null && Partition.Cuts(range.KeyLength)) || (!_traits.Causal && Partition.Cuts(range.Length));
    }

    /// <summary>What a worker does after a unit that may have written past the caches.</summary>
    public void Fence()
    {
        if (Output != OutputMode.Store)
            OutputStore.Fence();
    }
}
