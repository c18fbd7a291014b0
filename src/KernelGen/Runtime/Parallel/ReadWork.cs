using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>The queries of one sequence and head that is not causal, in runs: all read the same finished state.</summary>
internal readonly ref struct ReadWork<TKernel, T>(CallContext<T> context, KernelFrame<T> frame) : IParallelWork
    where TKernel : struct, IStateKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RunTokens = 256;
    private readonly CallContext<T> _context = context;
    private readonly KernelFrame<T> _frame = frame;

    public int Units => (_frame.Length + RunTokens - 1) / RunTokens;

    public void Run(int unit, int worker, WorkerTeam team)
    {
        int first = unit * RunTokens;
        KernelFrame<T> frame = _frame;
        HeadRun.SkipQueries(ref frame, first, _context.Call.Tensors.ElementBytes);
        frame.Length = Math.Min(RunTokens, _frame.Length - first);
        frame.Scratch = ref _context.Scratch(worker);
        TKernel.Read(_context.Level, ref frame);
        _context.Fence();
    }
}
