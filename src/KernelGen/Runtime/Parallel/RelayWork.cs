using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>
/// A run of whole chunks of one sequence and head, cut into groups of chunks. A worker computes what the chunks of its group add to the state, waits for the
/// state, adds and hands it on, and computes the group's outputs from the states that it has kept: only the state itself goes from core to core, once a group.
/// The additions are those of the sweep over the same chunks, in its order, and so are the bits.
/// </summary>
internal readonly ref struct RelayWork<TKernel, T> : IParallelWork
    where TKernel : struct, IStateKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly CallContext<T> _context;
    private readonly KernelFrame<T> _frame;
    private readonly RelayPlan _plan;
    private readonly int _chunk;

    /// <param name="context">The call.</param>
    /// <param name="frame">The run: its first chunk, its state at that chunk, as many tokens as all chunks have.</param>
    /// <param name="plan">How it is cut.</param>
    public RelayWork(in CallContext<T> context, in KernelFrame<T> frame, in RelayPlan plan)
    {
        _context = context;
        _frame = frame;
        _plan = plan;
        _chunk = TKernel.Traits.ChunkSize;
    }

    public int Units => _plan.Groups;

    public void Run(int unit, int worker, WorkerTeam team)
    {
        int first = unit * _plan.PerGroup;
        KernelFrame<T> frame = _frame;
        frame.Length = Math.Min(_plan.PerGroup, _plan.Chunks - first) * _chunk;
        HeadRun.SkipKeys(ref frame, first * _chunk, _context.Call.Tensors.ElementBytes);
        if (TKernel.Traits.Causal)
            HeadRun.SkipQueries(ref frame, first * _chunk, _context.Call.Tensors.ElementBytes);
        frame.Scratch = ref _context.Scratch(worker);
        frame.Slots = ref _context.Slots(worker);
        frame.SlotStride = _plan.SlotStride;
        frame.SlotEnd = TKernel.Traits.Window!.Sums;

        frame.State = ref _context.Block(worker);
        TKernel.Contribute(_context.Level, ref frame);
        if (!team.WaitForTurn(unit))
            return;
        frame.State = ref _frame.State;
        TKernel.Fold(_context.Level, ref frame);
        team.PassTurn();
        if (!TKernel.Traits.Window.Emits)
            return;
        frame.State = ref _context.Block(worker);
        TKernel.Emit(_context.Level, ref frame);
        _context.Fence();
    }
}
