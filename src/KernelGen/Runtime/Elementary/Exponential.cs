using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>
/// exp(x) = 2^n exp(r) with n = round(x / ln 2) and |r| &lt;= ln(2) / 2.
/// </summary>
/// <remarks>
/// Thirteen operations in binary32, none of them a special case:
/// <list type="bullet">
/// <item>x log2(e) + magic rounds to n and leaves n + bias - 1 in the low bits, ready to be shifted into an exponent field;</item>
/// <item>the field holds n - 1, the polynomial 2 exp(r), so n = 128 (overflow for some r, not for others) is still a finite power: the last
/// multiplication overflows by itself;</item>
/// <item>the price is paid at the other end: for the least n the field is 0, the number 0, and the product too. Results below 2^(least
/// exponent + 1/2) are +0, which also spares the caller denormals;</item>
/// <item>both clamps return x for NaN, and NaN then survives everything.</item>
/// </list>
/// </remarks>
internal static class Exponential
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TLanes, TVector, T, TFormat>(TVector x)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFormat : IFormat<T>
    {
        x = TLanes.AtLeast(TLanes.Create(TFormat.ExpUnderflow), x);
        x = TLanes.AtMost(TLanes.Create(TFormat.ExpOverflow), x);
        TVector shifted = TLanes.MultiplyAdd(x, TLanes.Create(TFormat.Log2E), TLanes.Create(TFormat.HalvedExponentMagic));
        TVector n = TLanes.Subtract(shifted, TLanes.Create(TFormat.HalvedExponentMagic));
        TVector r = TLanes.MultiplyAdd(n, TLanes.Create(TFormat.MinusLn2High), x);
        r = TLanes.MultiplyAdd(n, TLanes.Create(TFormat.MinusLn2Low), r);
        TVector halvedPower = TLanes.ShiftLeft(shifted, TFormat.FractionBits);
        return TLanes.Multiply(TFormat.TwiceExp<TLanes, TVector>(r), halvedPower);
    }
}
