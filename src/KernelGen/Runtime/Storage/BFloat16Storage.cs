using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary><see cref="BFloat16"/>: the upper half of a float.</summary>
internal readonly struct BFloat16Storage : IStorage
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Widen<TLanes, TVector>(TVector bits)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged => TLanes.ShiftLeft(bits, 16);

    /// <inheritdoc/>
    /// <remarks>Half of the last place less one is added, and one more where the last place is odd: a carry into it rounds up, and out of the largest exponent gives infinity.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Narrow<TLanes, TVector>(TVector value)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector top = TLanes.ShiftRight(value, 16);
        TVector rounded = TLanes.AddBits(TLanes.AddBits(value, Bits<TLanes, TVector>(0x7FFF)), TLanes.And(top, Bits<TLanes, TVector>(1)));
        TVector number = TLanes.LessThan(TLanes.Create(float.NegativeInfinity), value);
        number = TLanes.Or(number, TLanes.EqualBits(value, TLanes.Create(float.NegativeInfinity)));
        return TLanes.Select(number, TLanes.ShiftRight(rounded, 16), TLanes.Or(top, Bits<TLanes, TVector>(0x40)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Bits<TLanes, TVector>(uint bits)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged => TLanes.Create(BitConverter.UInt32BitsToSingle(bits));
}
