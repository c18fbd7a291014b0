using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary><see cref="float"/>. Coefficients are minimax fits of their own, rounded to float one by one, lowest order first, the rest refitted each time.</summary>
internal readonly struct Binary32 : IFormat<float>
{
    public static int FractionBits => 23;

    public static float Log2E => 1.44269504f;

    public static float MinusLn2High => -0.693145751953125f;

    public static float MinusLn2Low => -1.42860677e-6f;

    public static float HalvedExponentMagic => 12582912f + 126f;

    public static float ExpUnderflow => -87.3f;

    public static float ExpOverflow => 88.9f;

    /// <inheritdoc/>
    /// <remarks>Degree 5, error 1.06 ulp of the result (ulps of 1 to 2 are twice those of 0.7 to 1: the fit is weighted so).</remarks>
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
}
