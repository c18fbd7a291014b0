using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>The pairs of a sequence and a key head of a backward call, those of sequences that are cut left out. The query heads of a pair run in order.</summary>
internal readonly ref struct BackwardWork<TKernel, T>(BackwardContext<T> context) : IParallelWork
    where TKernel : struct, IStateKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly BackwardContext<T> _context = context;

    public int Units => (_context.Pairs + _context.Plan.Partition.PairsPerUnit - 1) / _context.Plan.Partition.PairsPerUnit;

    public void Run(int unit, int worker, WorkerTeam team)
    {
        Geometry geometry = _context.Call.Geometry;
        int first = unit * _context.Plan.Partition.PairsPerUnit;
        int last = Math.Min(_context.Pairs, first + _context.Plan.Partition.PairsPerUnit);
        for (int pair = first; pair < last; pair++)
        {
            int sequence = pair / geometry.KeyValueHeads, keyHead = pair % geometry.KeyValueHeads;
            if (_context.IsCut(sequence))
                continue;
            for (int head = keyHead * geometry.Group; head < (keyHead + 1) * geometry.Group; head++)
                HeadBackward.Run<TKernel, T>(_context, sequence, head, worker);
        }

        _context.Fence();
    }
}
