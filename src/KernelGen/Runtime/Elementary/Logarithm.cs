using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>
/// log(x) = n ln 2 + log(1 + f), with x = 2^n (1 + f) and 1 + f from sqrt(1/2) to sqrt(2), so that n = 0 around 1 and nothing cancels there.
/// </summary>
/// <remarks>
/// With s = f / (2 + f), log(1 + f) = 2 artanh(s) = f - s (f - z P(z)), z = s^2; and s f = h - s h with h = f^2 / 2, so it is
/// f - (h - s (h + z P(z))), where what is subtracted from f is small and rounds late.
/// </remarks>
internal static class Logarithm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TLanes, TVector, T, TFormat>(TVector x)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFormat : IFormat<T>
    {
        TVector denormal = TLanes.LessThan(x, TLanes.Create(TFormat.MinNormal));
        TVector scaled = TLanes.Select(denormal, TLanes.Multiply(x, TLanes.Create(TFormat.IntegerMagic)), x);

        // Adding the distance from sqrt(1/2) to 1 carries into the exponent exactly when the significand is at least sqrt(2).
        TVector carried = TLanes.AddBits(scaled, TLanes.Create(TFormat.OneLessSqrtHalfBits));
        TVector biased = TLanes.Or(TLanes.ShiftRight(carried, TFormat.FractionBits), TLanes.Create(TFormat.IntegerMagic));
        TVector n = TLanes.Subtract(biased, TLanes.Create(TFormat.IntegerMagic + TFormat.Bias));
        n = TLanes.Subtract(n, TLanes.And(denormal, TLanes.Create(TFormat.FractionBitsAsNumber)));
        TVector significand = TLanes.AddBits(TLanes.And(carried, TLanes.Create(TFormat.FractionMask)), TLanes.Create(TFormat.SqrtHalf));

        TVector f = TLanes.Subtract(significand, TLanes.Create(T.One));
        TVector s = TLanes.Divide(f, TLanes.Add(f, TLanes.Create(T.One + T.One)));
        TVector z = TLanes.Multiply(s, s);
        TVector h = TLanes.Multiply(TLanes.Multiply(f, TLanes.Create(T.One / (T.One + T.One))), f);
        TVector hPlus = TLanes.MultiplyAdd(z, TFormat.LogPolynomial<TLanes, TVector>(z), h);
        TVector low = TLanes.MultiplyAdd(s, hPlus, TLanes.Multiply(n, TLanes.Create(-TFormat.MinusLn2Low)));
        TVector log = TLanes.MultiplyAdd(n, TLanes.Create(-TFormat.MinusLn2High), TLanes.Subtract(f, TLanes.Subtract(h, low)));

        TVector zero = TLanes.Create(T.Zero);
        TVector notPositive = TLanes.Select(TLanes.LessThan(x, zero), TLanes.Create(T.NaN), TLanes.Create(T.NegativeInfinity));
        TVector finite = TLanes.Select(TLanes.LessThan(zero, x), log, notPositive);
        return TLanes.Select(TLanes.LessThan(x, TLanes.Create(T.PositiveInfinity)), finite, x);
    }
}
