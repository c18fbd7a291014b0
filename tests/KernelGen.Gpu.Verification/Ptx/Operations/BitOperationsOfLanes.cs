using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Bit operations with more operands than the common loops have, and those on predicates.</summary>
internal static class BitOperationsOfLanes
{
    /// <summary>bfi: the first operand's low bits into the second, at a position and of a length.</summary>
    public static void Insert(PtxStep s, PtxWarp w, uint active, int lengthRegister, int bits)
    {
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            int position = (int)(w.Registers[s.C + lane] & 0xff);
            int length = (int)(w.Registers[lengthRegister + lane] & 0xff);
            ulong result = w.Registers[s.B + lane];
            for (int bit = 0; bit < length && position + bit < bits; bit++)
            {
                ulong mask = 1UL << position + bit;
                result = (w.Registers[s.A + lane] >> bit & 1) != 0 ? result | mask : result & ~mask;
            }

            w.Registers[s.D + lane] = result;
        }
    }

    /// <summary>lop3: any function of three bits.</summary>
    public static void Lookup(PtxStep s, PtxWarp w, uint active)
    {
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            uint a = (uint)w.Registers[s.A + lane];
            uint b = (uint)w.Registers[s.B + lane];
            uint c = (uint)w.Registers[s.C + lane];
            uint result = 0;
            for (int row = 0; row < 8; row++)
            {
                if ((s.Offset >> row & 1) != 0)
                    result |= ((row & 4) != 0 ? a : ~a) & ((row & 2) != 0 ? b : ~b) & ((row & 1) != 0 ? c : ~c);
            }

            w.Registers[s.D + lane] = result;
        }
    }

    /// <summary>shf: 32 bits out of 64, the second operand's above the first's.</summary>
    public static void Funnel(PtxStep s, PtxWarp w, uint active, bool isLeft, bool isWrapped)
    {
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ulong value = (uint)w.Registers[s.A + lane] | w.Registers[s.B + lane] << 32;
            uint count = (uint)w.Registers[s.C + lane];
            int shift = (int)(isWrapped ? count & 31 : Math.Min(count, 32));
            w.Registers[s.D + lane] = (uint)(isLeft ? value >> 32 - shift : value >> shift);
        }
    }
}

internal static class PredicateOperations
{
    public static void And(PtxStep s, PtxWarp w, uint active) => Set(w, s.P, active, First(s, w) & Second(s, w));

    public static void Or(PtxStep s, PtxWarp w, uint active) => Set(w, s.P, active, First(s, w) | Second(s, w));

    public static void Xor(PtxStep s, PtxWarp w, uint active) => Set(w, s.P, active, First(s, w) ^ Second(s, w));

    public static void Not(PtxStep s, PtxWarp w, uint active) => Set(w, s.P, active, ~First(s, w));

    public static void Move(PtxStep s, PtxWarp w, uint active) => Set(w, s.P, active, First(s, w));

    /// <summary>Gives the active threads new values.</summary>
    public static void Set(PtxWarp w, int predicate, uint active, uint values)
    {
        if (predicate >= 0)
            w.Predicates[predicate] = w.Predicates[predicate] & ~active | values & active;
    }

    // The flags of the step say which of the two operands is negated.
    private static uint First(PtxStep s, PtxWarp w) => s.IsRNegated ? ~w.Predicates[s.A] : w.Predicates[s.A];

    private static uint Second(PtxStep s, PtxWarp w) => s.IsSigned ? ~w.Predicates[s.B] : w.Predicates[s.B];
}
