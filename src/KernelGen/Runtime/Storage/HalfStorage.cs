using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary><see cref="Half"/>, by integer operations; no step makes a denormal float, which would cost a hundred times as much.</summary>
internal readonly struct HalfStorage : IStorage
{
    private const uint Sign = 0x8000_0000, Infinity = 0x7F80_0000;

    /// <summary>What the exponent's bias grows by, and the exponent of an infinite or NaN half, both as exponents of a float.</summary>
    private const uint Rebias = (127 - 15) << 23, LargestExponent = 0x7C00u << 13;

    /// <summary>2^-14, the smallest normal half.</summary>
    private const uint SmallestNormal = (127 - 14) << 23;

    /// <summary>0.5: added to a magnitude below 2^-14 it leaves multiples of 2^-24, a denormal half's last place, in the low bits.</summary>
    private const uint DenormalMagic = (127 - 1) << 23;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Widen<TLanes, TVector>(TVector bits)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector magnitude = TLanes.ShiftLeft(TLanes.And(bits, Bits<TLanes, TVector>(0x7FFF)), 13);
        TVector exponent = TLanes.And(magnitude, Bits<TLanes, TVector>(LargestExponent));
        TVector isDenormal = TLanes.EqualBits(exponent, Bits<TLanes, TVector>(0));
        TVector isSpecial = TLanes.EqualBits(exponent, Bits<TLanes, TVector>(LargestExponent));
        TVector number = TLanes.AddBits(magnitude, Bits<TLanes, TVector>(Rebias));
        number = TLanes.AddBits(number, TLanes.And(isSpecial, Bits<TLanes, TVector>(Rebias)));

        // A denormal is f 2^-24: as (1 + f 2^-10) 2^-14 - 2^-14.
        TVector denormal = TLanes.Subtract(TLanes.AddBits(magnitude, Bits<TLanes, TVector>(SmallestNormal)), Bits<TLanes, TVector>(SmallestNormal));
        number = TLanes.Select(isDenormal, denormal, number);
        return TLanes.Or(number, TLanes.ShiftLeft(TLanes.And(bits, Bits<TLanes, TVector>(0x8000)), 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Narrow<TLanes, TVector>(TVector value)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector sign = TLanes.And(value, Bits<TLanes, TVector>(Sign));
        TVector magnitude = TLanes.Xor(value, sign);

        // Rounded to ten bits of fraction, ties to even; a carry out of the largest exponent gives infinity.
        TVector odd = TLanes.And(TLanes.ShiftRight(magnitude, 13), Bits<TLanes, TVector>(1));
        TVector normal = TLanes.AddBits(TLanes.AddBits(magnitude, Bits<TLanes, TVector>(unchecked(0xFFF - Rebias))), odd);
        normal = TLanes.ShiftRight(normal, 13);
        TVector denormal = TLanes.Add(magnitude, Bits<TLanes, TVector>(DenormalMagic));
        denormal = TLanes.AddBits(denormal, Bits<TLanes, TVector>(unchecked(0 - DenormalMagic)));

        TVector isInfinite = TLanes.EqualBits(magnitude, Bits<TLanes, TVector>(Infinity));
        TVector isFinite = TLanes.LessThan(magnitude, Bits<TLanes, TVector>(Infinity));
        TVector special = TLanes.Select(TLanes.Or(isInfinite, isFinite), Bits<TLanes, TVector>(0x7C00), Bits<TLanes, TVector>(0x7E00));
        TVector number = TLanes.Select(TLanes.LessThan(magnitude, TLanes.Create(65536f)), normal, special);
        number = TLanes.Select(TLanes.LessThan(magnitude, Bits<TLanes, TVector>(SmallestNormal)), denormal, number);
        return TLanes.Or(number, TLanes.ShiftRight(sign, 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Bits<TLanes, TVector>(uint bits)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged => TLanes.Create(BitConverter.UInt32BitsToSingle(bits));
}
