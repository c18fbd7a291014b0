using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>
/// A phase over whole chunks of one sequence and head, cut into groups of chunks: <see cref="RelayWork{TKernel, T}"/> for the backward pass, in whose
/// reversed phases the first group is that of the last chunks.
/// </summary>
internal readonly ref struct BackwardRelay<TKernel, T> : IParallelWork
    where TKernel : struct, IStateKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly BackwardContext<T> _context;
    private readonly KernelFrame<T> _frame;
    private readonly RelayPlan _plan;
    private readonly int _phase;

    /// <param name="context">The call.</param>
    /// <param name="frame">All chunks, and the block that the first of them finds.</param>
    /// <param name="phase">Its number.</param>
    /// <param name="plan">How it is cut.</param>
    public BackwardRelay(in BackwardContext<T> context, in KernelFrame<T> frame, int phase, in RelayPlan plan)
    {
        _context = context;
        _frame = frame;
        _plan = plan;
        _phase = phase;
    }

    public int Units => _plan.Groups;

    public void Run(int unit, int worker, WorkerTeam team)
    {
        KernelTraits traits = TKernel.Traits;
        BackwardPhase facts = traits.Backward!.Phases[_phase];
        int done = unit * _plan.PerGroup;
        int chunks = Math.Min(_plan.PerGroup, _plan.Chunks - done);
        int first = facts.IsReversed ? _plan.Chunks - done - chunks : done;
        KernelFrame<T> frame = _frame;
        HeadBackward.Skip(_context, ref frame, first * traits.ChunkSize, facts.Tokens, traits.Causal);
        frame.Length = chunks * traits.ChunkSize;
        frame.Scratch = ref _context.Scratch(worker);
        frame.Slots = ref _context.Slots(worker);
        frame.SlotStride = _plan.SlotStride;
        frame.SlotEnd = facts.Window!.Sums;

        TKernel.Backward(_context.Level, _phase, PhasePart.Contribute, ref frame);
        if (!team.WaitForTurn(unit))
            return;
        TKernel.Backward(_context.Level, _phase, PhasePart.Fold, ref frame);
        team.PassTurn();
        if (facts.Window.Emits)
            TKernel.Backward(_context.Level, _phase, PhasePart.Emit, ref frame);
        _context.Fence();
    }
}
