using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>A phase whose chunks are independent, over whole chunks of one sequence and head, in runs of them.</summary>
internal readonly ref struct BackwardRuns<TKernel, T>(BackwardContext<T> context, KernelFrame<T> frame, int phase) : IParallelWork
    where TKernel : struct, IStateKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RunChunks = 16;
    private readonly BackwardContext<T> _context = context;
    private readonly KernelFrame<T> _frame = frame;

    private static int RunTokens => RunChunks * TKernel.Traits.ChunkSize;

    public int Units => (_frame.Length + RunTokens - 1) / RunTokens;

    public void Run(int unit, int worker, WorkerTeam team)
    {
        int first = unit * RunTokens;
        KernelFrame<T> frame = _frame;
        HeadBackward.Skip(_context, ref frame, first, TKernel.Traits.Backward!.Phases[phase].Tokens, TKernel.Traits.Causal);
        frame.Length = Math.Min(RunTokens, _frame.Length - first);
        frame.Scratch = ref _context.Scratch(worker);
        TKernel.Backward(_context.Level, phase, PhasePart.Sweep, ref frame);
        _context.Fence();
    }
}
