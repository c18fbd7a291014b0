using System.Runtime.CompilerServices;

namespace KernelGen.Benchmarks.Machine;

/// <summary>
/// Independent chains of fused multiply-adds, nothing else: the most arithmetic one core does. Twelve chains cover a latency of up to six
/// cycles on two ports, and with their two factors fit the sixteen registers of AVX2. They are named locals because the JIT keeps an
/// array of vectors in memory.
/// </summary>
internal static class FmaChains
{
    private const int Chains = 12;

    /// <summary>Floating point operations of one run: two a lane, chain and iteration.</summary>
    public static double Flops<TVector, TLanes>(int iterations)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        2.0 * TLanes.Count * Chains * iterations;

    /// <summary>Returns a value that depends on every chain, so that none is dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Run<TVector, TLanes>(int iterations)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        // c <- c x + y has its fixed point at 1: values neither grow nor become denormal.
        TVector x = TLanes.Create(0.5f);
        TVector y = TLanes.Create(0.5f);
        TVector c0 = TLanes.Create(1.0f), c1 = TLanes.Create(1.1f), c2 = TLanes.Create(1.2f), c3 = TLanes.Create(1.3f);
        TVector c4 = TLanes.Create(1.4f), c5 = TLanes.Create(1.5f), c6 = TLanes.Create(1.6f), c7 = TLanes.Create(1.7f);
        TVector c8 = TLanes.Create(1.8f), c9 = TLanes.Create(1.9f), c10 = TLanes.Create(2.0f), c11 = TLanes.Create(2.1f);
        for (int i = 0; i < iterations; i++)
        {
            c0 = TLanes.MultiplyAdd(c0, x, y);
            c1 = TLanes.MultiplyAdd(c1, x, y);
            c2 = TLanes.MultiplyAdd(c2, x, y);
            c3 = TLanes.MultiplyAdd(c3, x, y);
            c4 = TLanes.MultiplyAdd(c4, x, y);
            c5 = TLanes.MultiplyAdd(c5, x, y);
            c6 = TLanes.MultiplyAdd(c6, x, y);
            c7 = TLanes.MultiplyAdd(c7, x, y);
            c8 = TLanes.MultiplyAdd(c8, x, y);
            c9 = TLanes.MultiplyAdd(c9, x, y);
            c10 = TLanes.MultiplyAdd(c10, x, y);
            c11 = TLanes.MultiplyAdd(c11, x, y);
        }

        TVector low = TLanes.Add(TLanes.Add(TLanes.Add(c0, c1), TLanes.Add(c2, c3)), TLanes.Add(c4, c5));
        TVector high = TLanes.Add(TLanes.Add(TLanes.Add(c6, c7), TLanes.Add(c8, c9)), TLanes.Add(c10, c11));
        return TLanes.Sum(TLanes.Add(low, high));
    }
}
