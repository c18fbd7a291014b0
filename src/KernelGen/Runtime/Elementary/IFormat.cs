using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>
/// The constants and polynomials of the elementary functions in one number format. The reductions around them are written once, over this
/// interface and <see cref="ILanes{TVector, T}"/>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IFormat<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Stored bits of the significand: the exponent field begins above them.</summary>
    static abstract int FractionBits { get; }

    /// <summary>log2(e).</summary>
    static abstract T Log2E { get; }

    /// <summary>The leading bits of -ln 2, so few that a product with any exponent is exact.</summary>
    static abstract T MinusLn2High { get; }

    /// <summary>-ln 2 - <see cref="MinusLn2High"/>.</summary>
    static abstract T MinusLn2Low { get; }

    /// <summary>
    /// 1.5 2^p + (bias - 1), where adding 1.5 2^p rounds to an integer: the sum's low bits are that integer as the exponent field of its
    /// power of two, halved.
    /// </summary>
    static abstract T HalvedExponentMagic { get; }

    /// <summary>An argument that <see cref="Exponential"/> takes to 0, above -infinity by far enough to compute with.</summary>
    static abstract T ExpUnderflow { get; }

    /// <summary>An argument whose exponential overflows, near enough to compute with.</summary>
    static abstract T ExpOverflow { get; }

    /// <summary>2^p, where p is <see cref="FractionBits"/>: its bits or'ed with a small integer k are the number 2^p + k.</summary>
    static abstract T IntegerMagic { get; }

    /// <summary>Exponent bias.</summary>
    static abstract T Bias { get; }

    /// <summary>p as a number: 2^p takes every denormal into the normal range.</summary>
    static abstract T FractionBitsAsNumber { get; }

    /// <summary>The least normal number.</summary>
    static abstract T MinNormal { get; }

    /// <summary>The fraction field, all ones.</summary>
    static abstract T FractionMask { get; }

    /// <summary>The square root of 1/2.</summary>
    static abstract T SqrtHalf { get; }

    /// <summary>As bits: 1 less <see cref="SqrtHalf"/>.</summary>
    static abstract T OneLessSqrtHalfBits { get; }

    /// <summary>2 / pi.</summary>
    static abstract T TwoOverPi { get; }

    /// <summary>1.5 2^p: adding it rounds to an integer, which the sum's low bits hold.</summary>
    static abstract T RoundingMagic { get; }

    /// <summary>As bits: the integer 1.</summary>
    static abstract T IntegerOne { get; }

    /// <summary>-pi / 2 = this + <see cref="MinusHalfPiMiddle"/> + <see cref="MinusHalfPiLow"/>, each of full precision.</summary>
    static abstract T MinusHalfPiHigh { get; }

    /// <summary>See <see cref="MinusHalfPiHigh"/>.</summary>
    static abstract T MinusHalfPiMiddle { get; }

    /// <summary>See <see cref="MinusHalfPiHigh"/>.</summary>
    static abstract T MinusHalfPiLow { get; }

    /// <summary>2^20, up to which arguments of sine and cosine are reduced in vectors.</summary>
    static abstract T TrigonometricLimit { get; }

    /// <summary>An argument whose tanh rounds to 1.</summary>
    static abstract T TanhSaturation { get; }

    /// <summary>2 exp(r) for |r| &lt;= ln(2) / 2, exactly 2 at 0.</summary>
    static abstract TVector TwiceExp<TLanes, TVector>(TVector r)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged;

    /// <summary>exp(r) - 1 for |r| &lt;= ln(2) / 2, to relative accuracy.</summary>
    static abstract TVector ExpMinusOne<TLanes, TVector>(TVector r)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged;

    /// <summary>P with 2 artanh(s) = 2 s + s z P(z), z = s^2, for the s that <see cref="Logarithm"/> needs.</summary>
    static abstract TVector LogPolynomial<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged;

    /// <summary>P with sin(r) = r + r z P(z), z = r^2, |r| &lt;= pi / 4.</summary>
    static abstract TVector SinPolynomial<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged;

    /// <summary>P with cos(r) = 1 - z / 2 + z^2 P(z), z = r^2, |r| &lt;= pi / 4.</summary>
    static abstract TVector CosPolynomial<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged;

    /// <summary>sin(x) of one number, any argument.</summary>
    static abstract T Sin(T x);

    /// <summary>cos(x) of one number, any argument.</summary>
    static abstract T Cos(T x);
}
