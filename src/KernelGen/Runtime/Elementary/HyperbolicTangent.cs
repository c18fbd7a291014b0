using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>
/// tanh(x) = sign(x) e / (e + 1) with e = (exp(2 |x|) - 1) / 2, to relative accuracy at every size: one formula, no cases.
/// </summary>
/// <remarks>
/// exp(2 |x|) = 2^n exp(r), n &gt;= 0, so e = p (exp(r) - 1) + (p - 1/2) with p = 2^(n - 1): for n = 0 the bracket is 0, above it is
/// exact and never cancels the rest. The sum e + 1 and the quotient would add three roundings to those of e; what they lose is known exactly
/// (d - 1 is exact, so is e - (d - 1)), and one step of correction takes it back.
/// </remarks>
internal static class HyperbolicTangent
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TLanes, TVector, T, TFormat>(TVector x)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFormat : IFormat<T>
    {
        TVector sign = TLanes.And(x, TLanes.Create(T.NegativeZero));
        TVector magnitude = TLanes.AtMost(TLanes.Create(TFormat.TanhSaturation), TLanes.Xor(x, sign));
        TVector twice = TLanes.Add(magnitude, magnitude);
        TVector shifted = TLanes.MultiplyAdd(twice, TLanes.Create(TFormat.Log2E), TLanes.Create(TFormat.HalvedExponentMagic));
        TVector n = TLanes.Subtract(shifted, TLanes.Create(TFormat.HalvedExponentMagic));
        TVector r = TLanes.MultiplyAdd(n, TLanes.Create(TFormat.MinusLn2High), twice);
        r = TLanes.MultiplyAdd(n, TLanes.Create(TFormat.MinusLn2Low), r);
        TVector p = TLanes.ShiftLeft(shifted, TFormat.FractionBits);
        TVector whole = TLanes.Subtract(p, TLanes.Create(T.One / (T.One + T.One)));
        TVector e = TLanes.MultiplyAdd(p, TFormat.ExpMinusOne<TLanes, TVector>(r), whole);

        TVector one = TLanes.Create(T.One);
        TVector d = TLanes.Add(e, one);
        TVector lost = TLanes.Subtract(e, TLanes.Subtract(d, one));
        TVector minusInverse = TLanes.Divide(TLanes.Create(T.NegativeOne), d);
        TVector minusQuotient = TLanes.Multiply(e, minusInverse);
        TVector remainder = TLanes.MultiplyAdd(minusQuotient, lost, TLanes.MultiplyAdd(minusQuotient, d, e));
        TVector minusTanh = TLanes.MultiplyAdd(remainder, minusInverse, minusQuotient);
        return TLanes.Xor(minusTanh, TLanes.Xor(sign, TLanes.Create(T.NegativeZero)));
    }
}
