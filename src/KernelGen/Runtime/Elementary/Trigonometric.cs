using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>
/// |x| = q pi / 2 + r with |r| &lt;= pi / 4; then the sine or the cosine of r, with a sign, by the last two bits of q.
/// </summary>
/// <remarks>
/// Up to 2^20, r = |x| - q pi / 2 takes three fused steps. The first is exact: q times the leading part of pi / 2 and |x| are
/// multiples of that part's last bit, and so is their difference, which is below 1. The second rounds r once (or is exact, where much
/// cancels). The third adds what matters only where nearly everything cancelled. Beyond, and where there is no fused arithmetic (the exact
/// products would need four-bit parts), each lane is computed by <see cref="Math"/>, so those lanes too have the same bits at every width.
/// </remarks>
internal static class Trigonometric
{
    /// <param name="x">Arguments.</param>
    /// <param name="cosine">Cosine rather than sine. Callers give a constant, and the other half of this method disappears.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TLanes, TVector, T, TFormat>(TVector x, bool cosine)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFormat : IFormat<T>
    {
        if (!TLanes.IsFused)
        {
            TVector all = x;
            ByLane<TVector, T, TFormat>(x, ref all, T.NegativeOne, cosine);
            return all;
        }

        TVector sign = TLanes.And(x, TLanes.Create(T.NegativeZero));
        TVector magnitude = TLanes.Xor(x, sign);
        TVector r = Reduce<TLanes, TVector, T, TFormat>(magnitude, out TVector quadrant);
        // cos(x) = sin(|x| + pi / 2), sin(x) = sign(x) sin(|x|).
        TVector result = cosine
            ? SineOf<TLanes, TVector, T, TFormat>(r, TLanes.AddBits(quadrant, TLanes.Create(TFormat.IntegerOne)))
            : TLanes.Xor(SineOf<TLanes, TVector, T, TFormat>(r, quadrant), sign);
        if (!TLanes.AllLessThanOrEqual(magnitude, TLanes.Create(TFormat.TrigonometricLimit)))
        {
            // A copy, so that the result itself may stay in a register.
            TVector patched = result;
            ByLane<TVector, T, TFormat>(x, ref patched, TFormat.TrigonometricLimit, cosine);
            result = patched;
        }

        return result;
    }

    /// <summary>r, and q in the low bits of <paramref name="quadrant"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduce<TLanes, TVector, T, TFormat>(TVector magnitude, out TVector quadrant)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFormat : IFormat<T>
    {
        quadrant = TLanes.MultiplyAdd(magnitude, TLanes.Create(TFormat.TwoOverPi), TLanes.Create(TFormat.RoundingMagic));
        TVector q = TLanes.Subtract(quadrant, TLanes.Create(TFormat.RoundingMagic));
        TVector r = TLanes.MultiplyAdd(q, TLanes.Create(TFormat.MinusHalfPiHigh), magnitude);
        r = TLanes.MultiplyAdd(q, TLanes.Create(TFormat.MinusHalfPiMiddle), r);
        return TLanes.MultiplyAdd(q, TLanes.Create(TFormat.MinusHalfPiLow), r);
    }

    /// <summary>sin(r + q pi / 2): sin r, cos r, -sin r, -cos r for q = 0, 1, 2, 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SineOf<TLanes, TVector, T, TFormat>(TVector r, TVector quadrant)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFormat : IFormat<T>
    {
        TVector one = TLanes.Create(T.One);
        TVector z = TLanes.Multiply(r, r);
        TVector sin = TLanes.MultiplyAdd(TLanes.Multiply(r, z), TFormat.SinPolynomial<TLanes, TVector>(z), r);
        TVector cos = TLanes.MultiplyAdd(z, TFormat.CosPolynomial<TLanes, TVector>(z), TLanes.Create(T.NegativeOne / (T.One + T.One)));
        cos = TLanes.MultiplyAdd(z, cos, one);
        TVector lowBit = TLanes.Create(TFormat.IntegerOne);
        TVector odd = TLanes.EqualBits(TLanes.And(quadrant, lowBit), lowBit);
        TVector negative = TLanes.And(TLanes.ShiftLeft(quadrant, SignFromBitOne<T>()), TLanes.Create(T.NegativeZero));
        return TLanes.Xor(TLanes.Select(odd, cos, sin), negative);
    }

    /// <summary>The distance from bit 1 to the sign bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SignFromBitOne<T>()
        where T : unmanaged
        => (8 * Unsafe.SizeOf<T>()) - 2;

    /// <summary>Overwrites the lanes of the result where |x| &lt;= limit is not true.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ByLane<TVector, T, TFormat>(TVector x, ref TVector result, T limit, bool cosine)
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFormat : IFormat<T>
    {
        ref T from = ref Unsafe.As<TVector, T>(ref x);
        ref T to = ref Unsafe.As<TVector, T>(ref result);
        for (int lane = 0; lane < Unsafe.SizeOf<TVector>() / Unsafe.SizeOf<T>(); lane++)
        {
            T value = Unsafe.Add(ref from, lane);
            if (!(T.Abs(value) <= limit))
                Unsafe.Add(ref to, lane) = cosine ? TFormat.Cos(value) : TFormat.Sin(value);
        }
    }
}
