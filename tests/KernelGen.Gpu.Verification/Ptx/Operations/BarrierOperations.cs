using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Results of barriers that reduce.</summary>
internal static class BarrierOperations
{
    /// <summary>Gives the warp's threads what a barrier's threads brought, added up.</summary>
    public static void Give(PtxStep s, PtxWarp w, uint waiting, int votes, int threads)
    {
        ulong result = s.Update!((ulong)votes, (ulong)threads, 0);
        if (s.P >= 0)
        {
            PredicateOperations.Set(w, s.P, waiting, result != 0 ? uint.MaxValue : 0);
            w.PredicatesWritten[s.P] |= waiting;
            return;
        }

        for (uint rest = waiting; rest != 0; rest &= rest - 1)
            w.Registers[s.D + BitOperations.TrailingZeroCount(rest)] = result;
        w.Written[s.D / PtxWarp.Size] |= waiting;
    }
}
