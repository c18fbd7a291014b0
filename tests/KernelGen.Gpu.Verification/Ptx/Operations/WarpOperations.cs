using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Shuffles, votes, matches and reductions of a warp.</summary>
internal static class WarpOperations
{
    public static void ActiveMask(PtxStep s, PtxWarp w, uint active) => Spread(s, w, active, active);

    public static void ShuffleIndex(PtxStep s, PtxWarp w, uint active) =>
        Shuffle(s, w, active, (lane, b, clamp, low) => (low & lane | b & ~(low & 31), low & lane | clamp & ~low & 31), isUp: false);

    public static void ShuffleUp(PtxStep s, PtxWarp w, uint active) =>
        Shuffle(s, w, active, (lane, b, clamp, low) => (lane - b, low & lane | clamp & ~low & 31), isUp: true);

    public static void ShuffleDown(PtxStep s, PtxWarp w, uint active) =>
        Shuffle(s, w, active, (lane, b, clamp, low) => (lane + b, low & lane | clamp & ~low & 31), isUp: false);

    public static void ShuffleButterfly(PtxStep s, PtxWarp w, uint active) =>
        Shuffle(s, w, active, (lane, b, clamp, low) => (lane ^ b, low & lane | clamp & ~low & 31), isUp: false);

    public static void Ballot(PtxStep s, PtxWarp w, uint active) => Spread(s, w, active, Votes(s, w) & active);

    public static void Vote(PtxStep s, PtxWarp w, uint active, Func<uint, bool> decide) =>
        PredicateOperations.Set(w, s.P, active, decide(Votes(s, w) & active) ? uint.MaxValue : 0);

    public static void Reduce(PtxStep s, PtxWarp w, uint active, Func<uint, uint, uint> combine)
    {
        uint result = (uint)w.Registers[s.A + BitOperations.TrailingZeroCount(active)];
        for (uint rest = active & active - 1; rest != 0; rest &= rest - 1)
            result = combine(result, (uint)w.Registers[s.A + BitOperations.TrailingZeroCount(rest)]);
        Spread(s, w, active, result);
    }

    public static void MatchAny(PtxStep s, PtxWarp w, uint active)
    {
        Span<ulong> values = stackalloc ulong[PtxWarp.Size];
        w.Registers.AsSpan(s.A, PtxWarp.Size).CopyTo(values);
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            w.Registers[s.D + lane] = Same(s, values, active, values[lane]);
        }
    }

    public static void MatchAll(PtxStep s, PtxWarp w, uint active)
    {
        ReadOnlySpan<ulong> values = w.Registers.AsSpan(s.A, PtxWarp.Size);
        bool areAll = Same(s, values, active, values[BitOperations.TrailingZeroCount(active)]) == active;
        PredicateOperations.Set(w, s.P, active, areAll ? uint.MaxValue : 0);
        Spread(s, w, active, areAll ? active : 0);
    }

    private static uint Same(PtxStep s, ReadOnlySpan<ulong> values, uint active, ulong value)
    {
        int unused = 64 - s.ElementBytes * 8;
        uint same = 0;
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            if ((values[lane] ^ value) << unused == 0)
                same |= 1u << lane;
        }

        return same;
    }

    // The segment's mask is bits 8 to 12 of the third operand, the last thread (for up: the first) that may be read bits 0 to 4. Where the source lies
    // outside, a thread keeps its own value. The value of a thread that does not take part is undefined: a fault.
    private static void Shuffle(PtxStep s, PtxWarp w, uint active, Func<int, int, int, int, (int Source, int Bound)> place, bool isUp)
    {
        Span<ulong> values = stackalloc ulong[PtxWarp.Size];
        w.Registers.AsSpan(s.A, PtxWarp.Size).CopyTo(values);
        uint inside = 0;
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            int c = (int)w.Registers[s.C + lane];
            (int source, int bound) = place(lane, (int)w.Registers[s.B + lane] & 31, c & 31, c >> 8 & 31);
            bool isInside = isUp ? source >= bound : source <= bound;
            if (isInside)
                inside |= 1u << lane;
            else
                source = lane;
            if ((active >> source & 1) == 0)
                throw w.Fault(s, lane, PtxFault.WarpDivergence, $"reads thread {source} of the warp, which takes no part");
            w.Registers[s.D + lane] = values[source];
        }

        PredicateOperations.Set(w, s.P, active, inside);
    }

    private static void Spread(PtxStep s, PtxWarp w, uint active, uint value)
    {
        for (uint rest = active; rest != 0; rest &= rest - 1)
            w.Registers[s.D + BitOperations.TrailingZeroCount(rest)] = value;
    }

    private static uint Votes(PtxStep s, PtxWarp w) => s.IsRNegated ? ~w.Predicates[s.R] : w.Predicates[s.R];
}
