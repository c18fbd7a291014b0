using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>What the workers of a backward call share: the checked call, how it is cut, and the memory of each worker.</summary>
internal readonly ref struct BackwardContext<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly WorkspaceLease _lease;
    private readonly ReadOnlySpan<T> _slopes;

    public readonly BackwardCall<T> Call;
    public readonly BackwardPlan Plan;

    public BackwardContext(in BackwardCall<T> call, in BackwardPlan plan, WorkspaceLease lease, ReadOnlySpan<T> slopes, InstructionSet level, BackwardModes modes)
    {
        Call = call;
        Plan = plan;
        Level = level;
        Modes = modes;
        _lease = lease;
        _slopes = slopes;
    }

    public InstructionSet Level { get; }

    public BackwardModes Modes { get; }

    /// <summary>Pairs of a sequence and a key head.</summary>
    public int Pairs => Call.Sequences * Call.Geometry.KeyValueHeads;

    /// <summary>A worker's own block.</summary>
    public ref T Block(int worker) => ref _lease.At<T>(worker * Plan.Worker);

    /// <summary>A worker's own scratch.</summary>
    public ref T Scratch(int worker) => ref _lease.At<T>((worker * Plan.Worker) + Plan.Scratch);

    /// <summary>What phases leave for one another, of the head that a worker has in hand.</summary>
    public ref T Tokens(int worker) => ref _lease.At<T>((worker * Plan.Worker) + Plan.Tokens);

    /// <summary>The block of a head that is cut, which outlives the units of its phases.</summary>
    public ref T HeadBlock => ref _lease.At<T>(Plan.Head);

    /// <summary>What phases leave for one another, of a head that is cut.</summary>
    public ref T HeadTokens => ref _lease.At<T>(Plan.HeadTokens);

    /// <summary>The slots of the group of chunks that a worker has in hand.</summary>
    public ref T Slots(int worker) => ref _lease.At<T>((worker * Plan.Worker) + Plan.Slots);

    public T Slope(int head) => _slopes.IsEmpty ? T.Zero : _slopes[head];

    /// <summary>dL/dslope of a sequence and query head; only where the declaration has slopes of the caller's.</summary>
    public ref double SlopeGradient(int sequence, int head) =>
        ref _lease.At<double>(Plan.SlopeGradients + (((sequence * (long)Call.Geometry.Heads) + head) * sizeof(double)));

    /// <summary>The gradients of the projections of a sequence and query head; only where a call asks for them.</summary>
    public ref T ProjectionGradient(int sequence, int head, int elements) =>
        ref Unsafe.Add(ref _lease.At<T>(Plan.ProjectionGradients), ((sequence * (nint)Call.Geometry.Heads) + head) * elements);

    /// <summary>Whether a sequence is cut: its keys or its queries.</summary>
    public bool IsCut(int sequence)
    {
        SequenceRange range = Call.Range(sequence);
        return Plan.Partition.Cuts(range.KeyLength) || Plan.Partition.Cuts(range.Length);
    }

    /// <summary>What a worker does after a unit that may have written past the caches.</summary>
    public void Fence()
    {
        if (Modes.IsStreamed)
            OutputStore.Fence();
    }
}
