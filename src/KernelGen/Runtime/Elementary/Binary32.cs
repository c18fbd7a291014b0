using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary><see cref="float"/>. Coefficients are minimax fits, rounded to the format one by one, lowest order first, the others refitted each time.</summary>
internal readonly struct Binary32 : IFormat<float>
{
    public static int FractionBits => 23;

    public static float Log2E => 1.44269504f;

    public static float MinusLn2High => -0.693145751953125f;

    public static float MinusLn2Low => -1.42860677e-6f;

    public static float HalvedExponentMagic => 12582912f + 126f;

    public static float ExpUnderflow => -87.3f;

    public static float ExpOverflow => 88.9f;

    public static float IntegerMagic => 8388608f;

    public static float Bias => 127f;

    public static float FractionBitsAsNumber => 23f;

    public static float MinNormal => 1.17549435e-38f;

    public static float FractionMask => BitConverter.UInt32BitsToSingle(0x007F_FFFF);

    public static float SqrtHalf => BitConverter.UInt32BitsToSingle(0x3F35_04F3);

    public static float OneLessSqrtHalfBits => BitConverter.UInt32BitsToSingle(0x3F80_0000 - 0x3F35_04F3);

    public static float TwoOverPi => 0.636619747f;

    public static float RoundingMagic => 12582912f;

    public static float IntegerOne => BitConverter.UInt32BitsToSingle(1);

    public static float MinusHalfPiHigh => -1.57079637f;

    public static float MinusHalfPiMiddle => 4.37113883e-8f;

    public static float MinusHalfPiLow => 1.71512451e-15f;

    public static float TrigonometricLimit => 1048576f;

    public static float TanhSaturation => 10f;

    /// <inheritdoc/>
    /// <remarks>Degree 5, error 1.06 ulp of the result (ulps from 1 to 2 are twice those below 1: the fit is weighted so).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector TwiceExp<TLanes, TVector>(TVector r)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector p = TLanes.Create(0.0165247284f);
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.0837970078f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.333363533f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.999982893f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(1.99999893f));
        return TLanes.MultiplyAdd(p, r, TLanes.Create(2f));
    }

    /// <inheritdoc/>
    /// <remarks>Degree 6, error 0.12 ulp.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpMinusOne<TLanes, TVector>(TVector r)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector p = TLanes.Create(0.00138706691f);
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.00836626254f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.0416674353f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.166665465f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.49999997f));
        return TLanes.MultiplyAdd(TLanes.Multiply(r, r), p, r);
    }

    /// <inheritdoc/>
    /// <remarks>Error 0.01 ulp of the logarithm.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogPolynomial<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector p = TLanes.Create(0.298714608f);
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(0.399775684f));
        return TLanes.MultiplyAdd(p, z, TLanes.Create(0.666667759f));
    }

    /// <inheritdoc/>
    /// <remarks>Error 0.03 ulp of the sine.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SinPolynomial<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector p = TLanes.Create(-0.000195185989f);
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(0.00833219104f));
        return TLanes.MultiplyAdd(p, z, TLanes.Create(-0.166666552f));
    }

    /// <inheritdoc/>
    /// <remarks>Error 0.002 ulp of the cosine.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector CosPolynomial<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector p = TLanes.Create(2.44306702e-05f);
        p = TLanes.MultiplyAdd(p, z, TLanes.Create(-0.00138873013f));
        return TLanes.MultiplyAdd(p, z, TLanes.Create(0.0416666456f));
    }

    public static float Sin(float x) => (float)Math.Sin(x);

    public static float Cos(float x) => (float)Math.Cos(x);
}
