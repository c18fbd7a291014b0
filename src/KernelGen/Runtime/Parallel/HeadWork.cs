using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>The pairs of a sequence and a head of a call, those that are cut along the sequence left out.</summary>
internal readonly ref struct HeadWork<TKernel, T>(CallContext<T> context) : IParallelWork
    where TKernel : struct, IStateKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly CallContext<T> _context = context;

    public int Units => (_context.Pairs + _context.Partition.PairsPerUnit - 1) / _context.Partition.PairsPerUnit;

    public void Run(int unit, int worker, WorkerTeam team)
    {
        int first = unit * _context.Partition.PairsPerUnit;
        int last = Math.Min(_context.Pairs, first + _context.Partition.PairsPerUnit);
        for (int pair = first; pair < last; pair++)
        {
            if (_context.IsCut(pair))
                continue;
            int n = pair / _context.Call.Geometry.Heads, h = pair % _context.Call.Geometry.Heads;
            ref T scratch = ref _context.Scratch(worker);
            if (_context.State is { } state)
                HeadRun.Continue<TKernel, T>(_context.Call, n, h, _context.Slope(h), ref state.Block(n, h), state.Begin(n), ref scratch, _context.Level, _context.Output);
            else if (TKernel.Traits.Causal)
                HeadRun.Causal<TKernel, T>(_context.Call, n, h, _context.Slope(h), ref _context.Block(worker), ref scratch, _context.Level, _context.Output);
            else
                HeadRun.NonCausal<TKernel, T>(_context.Call, n, h, _context.Slope(h), ref _context.Block(worker), ref scratch, _context.Level, _context.Output);
        }

        _context.Fence();
    }
}
