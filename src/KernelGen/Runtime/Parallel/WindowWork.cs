using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>
/// A run of whole chunks of one sequence and head, cut along the sequence: what chunks add to the state, all at once; the additions, in order, all elements
/// at once; the outputs, all at once. Stages of units, in this order, w counting windows:
/// <code>
/// contribute 0;  fold 0;  emit 0, contribute 1;  fold 1;  emit 1, contribute 2;  ...
/// </code>
/// The additions are those of the sweep over the same chunks, and so are the bits.
/// </summary>
internal readonly ref struct WindowWork<TKernel, T> : IParallelWork
    where TKernel : struct, IStateKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly CallContext<T> _context;
    private readonly KernelFrame<T> _frame;
    private readonly WindowPlan _plan;
    private readonly int _chunk;

    /// <param name="context">The call.</param>
    /// <param name="frame">The run: its first chunk, its state at that chunk, as many tokens as all chunks have.</param>
    /// <param name="plan">How it is cut.</param>
    public WindowWork(in CallContext<T> context, in KernelFrame<T> frame, in WindowPlan plan)
    {
        _context = context;
        _frame = frame;
        _plan = plan;
        _chunk = TKernel.Traits.ChunkSize;
    }

    public int Units => Contributing + (_plan.Windows * Stages);

    private int Contributing => _plan.GroupsPerWindow;

    private int Emitting => TKernel.Traits.Window!.Emits ? _plan.GroupsPerWindow : 0;

    /// <summary>Units from one fold to the next.</summary>
    private int Stages => _plan.Slices + Emitting + Contributing;

    public int Before(int unit)
    {
        if (unit < Contributing)
            return 0;
        int within = (unit - Contributing) % Stages;
        return within < _plan.Slices ? unit - within : unit - within + _plan.Slices;
    }

    public void Run(int unit, int worker)
    {
        if (unit < Contributing)
        {
            Contribute(0, unit, worker);
            return;
        }

        (int window, int within) = Math.DivRem(unit - Contributing, Stages);
        if (within < _plan.Slices)
            Fold(window, within, worker);
        else if (within < _plan.Slices + Emitting)
            Emit(window, within - _plan.Slices, worker);
        else
            Contribute(window + 1, within - _plan.Slices - Emitting, worker);
    }

    private void Contribute(int window, int group, int worker)
    {
        KernelFrame<T> frame = Group(window, group, worker);
        if (frame.Length > 0)
            TKernel.Contribute(_context.Level, ref frame);
    }

    private void Emit(int window, int group, int worker)
    {
        KernelFrame<T> frame = Group(window, group, worker);
        if (frame.Length == 0)
            return;
        TKernel.Emit(_context.Level, ref frame);
        _context.Fence();
    }

    private void Fold(int window, int slice, int worker)
    {
        KernelFrame<T> frame = _frame;
        frame.Scratch = ref _context.Scratch(worker);
        frame.Slots = ref Slot(window, 0);
        frame.SlotStride = _plan.SlotStride;
        frame.SlotBegin = slice * _plan.Slice;
        frame.SlotEnd = Math.Min(frame.SlotBegin + _plan.Slice, TKernel.Traits.Window!.Sums);
        frame.Length = Math.Min(_plan.PerWindow, _plan.Chunks - (window * _plan.PerWindow)) * _chunk;
        TKernel.Fold(_context.Level, ref frame);
    }

    /// <summary>The chunks of a group, with the memory of a worker.</summary>
    private KernelFrame<T> Group(int window, int group, int worker)
    {
        int first = (window * _plan.PerWindow) + (group * _plan.PerGroup);
        int last = Math.Min(_plan.Chunks, Math.Min((window + 1) * _plan.PerWindow, first + _plan.PerGroup));
        KernelFrame<T> frame = _frame;
        frame.Length = Math.Max(0, last - first) * _chunk;
        if (frame.Length == 0)
            return frame;
        HeadRun.SkipKeys(ref frame, first * _chunk);
        if (TKernel.Traits.Causal)
            HeadRun.SkipQueries(ref frame, first * _chunk);
        frame.State = ref _context.Block(worker);
        frame.Scratch = ref _context.Scratch(worker);
        frame.Slots = ref Slot(window, group * _plan.PerGroup);
        frame.SlotStride = _plan.SlotStride;
        return frame;
    }

    private ref T Slot(int window, int chunk) =>
        ref Unsafe.Add(ref _context.Slots, (nint)_plan.SlotStride * (((window & 1) * _plan.PerWindow) + chunk));
}
