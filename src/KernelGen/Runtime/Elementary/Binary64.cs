using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary><see cref="double"/>. Coefficients as in <see cref="Binary32"/>.</summary>
internal readonly struct Binary64 : IFormat<double>
{
    public static int FractionBits => 52;

    public static double Log2E => 1.4426950408889634;

    public static double MinusLn2High => -0.693147180559663;

    public static double MinusLn2Low => -2.8235290563031577e-13;

    public static double HalvedExponentMagic => 6755399441055744.0 + 1022.0;

    public static double ExpUnderflow => -708.7;

    public static double ExpOverflow => 710.0;

    public static double IntegerMagic => 4503599627370496.0;

    public static double Bias => 1023.0;

    public static double FractionBitsAsNumber => 52.0;

    public static double MinNormal => 2.2250738585072014e-308;

    public static double FractionMask => BitConverter.UInt64BitsToDouble(0x000F_FFFF_FFFF_FFFF);

    public static double SqrtHalf => BitConverter.UInt64BitsToDouble(0x3FE6_A09E_667F_3BCD);

    public static double OneLessSqrtHalfBits => BitConverter.UInt64BitsToDouble(0x3FF0_0000_0000_0000 - 0x3FE6_A09E_667F_3BCD);

    public static double TwoOverPi => 0.6366197723675814;

    public static double RoundingMagic => 6755399441055744.0;

    public static double IntegerOne => BitConverter.UInt64BitsToDouble(1);

    public static double MinusHalfPiHigh => -1.5707963267948966;

    public static double MinusHalfPiMiddle => -6.123233995736766e-17;

    public static double MinusHalfPiLow => 1.4973849048591698e-33;

    public static double TrigonometricLimit => 1048576.0;

    public static double TanhSaturation => 20.0;

    /// <inheritdoc/>
    /// <remarks>Degree 11, error 0.03 ulp of the result.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector TwiceExp<TLanes, TVector>(TVector r)
        where TLanes : ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector p = TLanes.Create(2.0 * 2.496911882034987e-08);
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.0 * 2.762909773458165e-07));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.0 * 2.7557690675289937e-06));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.0 * 2.4801496742928636e-05));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.0 * 0.0001984126938068892));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.0 * 0.0013888888939554735));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.0 * 0.008333333333557987));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.0 * 0.041666666666548835));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.0 * 0.16666666666666302));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.0 * 0.5000000000000008));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.0));
        return TLanes.MultiplyAdd(p, r, TLanes.Create(2.0));
    }

    /// <inheritdoc/>
    /// <remarks>Degree 11, error 0.08 ulp.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpMinusOne<TLanes, TVector>(TVector r)
        where TLanes : ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector p = TLanes.Create(2.5063251537576347e-08);
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.7625939381612073e-07));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.7557372259483626e-06));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(2.4801505491606217e-05));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.00019841269766794918));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.0013888888931476704));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.008333333333361889));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.04166666666657608));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.16666666666666646));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.5000000000000006));
        return TLanes.MultiplyAdd(TLanes.Multiply(r, r), p, r);
    }

    /// <inheritdoc/>
    /// <remarks>Error 0.006 ulp of the logarithm.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogPolynomial<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector p = TLanes.Create(0.14798257663833256);
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(0.1531383223628821));
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(0.18183572353578864));
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(0.22222198428983048));
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(0.2857142874368653));
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(0.3999999999940935));
        return TLanes.MultiplyAdd(p, z, TLanes.Create(0.6666666666666735));
    }

    /// <inheritdoc/>
    /// <remarks>Error 0.02 ulp of the sine.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SinPolynomial<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector p = TLanes.Create(1.5896795897859503e-10);
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(-2.5050758483712203e-08));
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(2.755731369731747e-06));
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(-0.00019841269829835655));
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(0.008333333333322472));
        return TLanes.MultiplyAdd(p, z, TLanes.Create(-0.16666666666666632));
    }

    /// <inheritdoc/>
    /// <remarks>Error 0.0005 ulp of the cosine.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector CosPolynomial<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector p = TLanes.Create(-1.1359864972617993e-11);
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(2.087572811061705e-09));
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(-2.75573143938673e-07));
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(2.4801587289652858e-05));
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(-0.0013888888888874457));
        return TLanes.MultiplyAdd(p, z, TLanes.Create(0.0416666666666666));
    }

    public static double Sin(double x) => Math.Sin(x);

    public static double Cos(double x) => Math.Cos(x);
}
