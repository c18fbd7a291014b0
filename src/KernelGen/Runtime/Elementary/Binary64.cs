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
}
