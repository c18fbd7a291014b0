using System.Runtime.CompilerServices;

namespace KernelGen.Benchmarks.Machine;

/// <summary>Passes over memory with as little arithmetic as keeps them honest. Lengths are multiples of <see cref="Granularity"/>.</summary>
internal static unsafe class MemoryStreams
{
    /// <summary>Floats that every loop here consumes at a time, at the widest vectors.</summary>
    public const int Granularity = 128;

    /// <summary>Sums a buffer <paramref name="passes"/> times in eight accumulators: the loads, not the additions, set the pace.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Read<TVector, TLanes>(float* source, nint length, int passes)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TVector s0 = TLanes.Create(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (; passes > 0; passes--)
        {
            float* end = source + length;
            for (float* p = source; p < end; p += 8 * TLanes.Count)
            {
                s0 = TLanes.Add(s0, TLanes.Load(p));
                s1 = TLanes.Add(s1, TLanes.Load(p + TLanes.Count));
                s2 = TLanes.Add(s2, TLanes.Load(p + (2 * TLanes.Count)));
                s3 = TLanes.Add(s3, TLanes.Load(p + (3 * TLanes.Count)));
                s4 = TLanes.Add(s4, TLanes.Load(p + (4 * TLanes.Count)));
                s5 = TLanes.Add(s5, TLanes.Load(p + (5 * TLanes.Count)));
                s6 = TLanes.Add(s6, TLanes.Load(p + (6 * TLanes.Count)));
                s7 = TLanes.Add(s7, TLanes.Load(p + (7 * TLanes.Count)));
            }
        }

        return TLanes.Sum(TLanes.Add(
            TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3)),
            TLanes.Add(TLanes.Add(s4, s5), TLanes.Add(s6, s7))));
    }

    /// <summary>o = q + k + v: the traffic of an attention kernel without its arithmetic.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Mix<TVector, TLanes>(float* q, float* k, float* v, float* o, nint length)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        for (nint i = 0; i < length; i += TLanes.Count)
            TLanes.Store(TLanes.Add(TLanes.Add(TLanes.Load(q + i), TLanes.Load(k + i)), TLanes.Load(v + i)), o + i);
    }

    /// <summary>The same, written around the caches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void MixAround<TVector, TLanes>(float* q, float* k, float* v, float* o, nint length)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        for (nint i = 0; i < length; i += TLanes.Count)
            TLanes.StoreAround(TLanes.Add(TLanes.Add(TLanes.Load(q + i), TLanes.Load(k + i)), TLanes.Load(v + i)), o + i);
    }
}
