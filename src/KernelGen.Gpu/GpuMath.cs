using ILGPU;

namespace KernelGen.Gpu;

/// <summary>
/// Elementary functions for emitted GPU kernels, as accurate as the CPU's: a device's own are approximate where CUDA's defaults are (a relative error of 2^-21 and worse). The
/// polynomials are those of the CPU targets.
/// </summary>
/// <remarks>
/// A device's compiler may fuse a product with the sum it goes to, or may not (and of two products in one sum it may take either): nothing here relies on either. What has
/// to be exact is so in both ways. Bounds are in units of the last place (ulp) against the exact result, and presume correctly rounded division and subnormal numbers.
/// </remarks>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public static partial class GpuMath
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693145751953125f;
    private const float Ln2Low = 1.42860677e-6f;
    private const float RoundingMagic = 12582912f;
    private const float IntegerMagic = 8388608f;
    private const float MinNormal = 1.17549435e-38f;
    private const uint IntegerMagicBits = 0x4B00_0000;
    private const uint FractionMask = 0x007F_FFFF;
    private const uint SqrtHalfBits = 0x3F35_04F3;
    private const uint OneBits = 0x3F80_0000;
    private const uint SignBit = 0x8000_0000;

    /// <summary>exp(x) within 1.2 ulp, 1 where sums are fused; +0 below 2^-126, infinity above the greatest number, NaN of NaN.</summary>
    /// <remarks>
    /// 2^n exp(r) as on the CPU, with the polynomial that its tanh has: the one of its exp is within 2 ulp only where sums are fused. 2^(n - 1) is subnormal for the least n,
    /// twice exp(r) makes up for it.
    /// </remarks>
    public static float Exp(float x)
    {
        float clamped = x < -87.4f ? -87.4f : x > 88.9f ? 88.9f : x;
        float shifted = (clamped * Log2E) + (RoundingMagic + 126f);
        float n = shifted - (RoundingMagic + 126f);
        float r = (clamped - (n * Ln2High)) - (n * Ln2Low);
        float p = 0.00277413381f;
        p = (p * r) + 0.0167325251f;
        p = (p * r) + 0.0833348706f;
        p = (p * r) + 0.333330929f;
        p = (p * r) + 0.99999994f;
        p = (p * r) + 2f;
        p = (p * r) + 2f;

        // The low bits of the shifted number are n + 126, from 0 to 254.
        int power = Math.Max((int)(Interop.FloatAsInt(shifted) << 23), 0x0040_0000);
        return x < -87.33654f ? 0f : p * Interop.IntAsFloat((uint)power);
    }

    /// <summary>ln x within 0.9 ulp; NaN below zero and of NaN, minus infinity at both zeros.</summary>
    public static float Log(float x)
    {
        bool isSubnormal = x < MinNormal;
        float scaled = isSubnormal ? x * IntegerMagic : x;

        // Carries into the exponent exactly where the significand is at least sqrt(2).
        uint carried = Interop.FloatAsInt(scaled) + (OneBits - SqrtHalfBits);
        float biased = Interop.IntAsFloat((carried >> 23) | IntegerMagicBits);
        float n = biased - (isSubnormal ? IntegerMagic + 150f : IntegerMagic + 127f);
        float f = Interop.IntAsFloat((carried & FractionMask) + SqrtHalfBits) - 1f;
        float s = f / (f + 2f), z = s * s;
        float p = 0.298714608f;
        p = (p * z) + 0.399775684f;
        p = (p * z) + 0.666667759f;
        float half = 0.5f * f * f;
        float low = (s * ((p * z) + half)) + (n * Ln2Low);
        float log = (n * Ln2High) + (f - (half - low));
        return x > 0f ? (x < float.PositiveInfinity ? log : x) : x == 0f ? float.NegativeInfinity : float.NaN;
    }

    /// <summary>Hyperbolic tangent within 1.6 ulp; zeros keep their sign.</summary>
    /// <remarks>An odd polynomial (error 0.02 ulp) where 1 - 2 / (exp(2 |x|) + 1) would cancel: the CPU's quotient needs fused sums.</remarks>
    public static float Tanh(float x)
    {
        float a = MathF.Abs(x), z = a * a;
        float p = -0.0062428494f;
        p = (p * z) + 0.021050714f;
        p = (p * z) - 0.0538475476f;
        p = (p * z) + 0.133325443f;
        p = (p * z) - 0.333333164f;
        float t = a < 0.55f ? (p * z * a) + a : 1f - (2f / (Exp(a + a) + 1f));
        return WithSignOf(t, x);
    }

    /// <summary>|x|.</summary>
    public static float Abs(float x) => MathF.Abs(x);

    /// <summary>The square root, correctly rounded where the device's is.</summary>
    public static float Sqrt(float x) => MathF.Sqrt(x);

    /// <summary>The lesser; NaN where either is. Of zeros of both signs the negative one, where the device tells them apart.</summary>
    public static float Min(float a, float b)
    {
        float least = MathF.Min(a, b);
        return float.IsNaN(a) ? a : float.IsNaN(b) ? b : least;
    }

    /// <summary>The greater; NaN where either is. Of zeros of both signs the positive one, where the device tells them apart.</summary>
    public static float Max(float a, float b)
    {
        float greatest = MathF.Max(a, b);
        return float.IsNaN(a) ? a : float.IsNaN(b) ? b : greatest;
    }

    /// <summary>The greatest whole number that is not greater. Exact; zeros keep their sign.</summary>
    public static float Floor(float x) => MathF.Floor(x);

    /// <summary>The least whole number that is not less. Exact; zeros keep their sign, and what rounds to zero from below is -0.</summary>
    public static float Ceiling(float x) => MathF.Ceiling(x);

    /// <summary>Without its fraction. Exact, and the sign stays.</summary>
    public static float Truncate(float x) => WithSignOf(MathF.Floor(MathF.Abs(x)), x);

    /// <summary>The nearest whole number, the even one of two. Exact, and the sign stays.</summary>
    public static float Round(float x)
    {
        float a = MathF.Abs(x);
        return WithSignOf(a < IntegerMagic ? (a + IntegerMagic) - IntegerMagic : a, x);
    }

    /// <summary>A number that is not negative, or NaN, with a sign.</summary>
    private static float WithSignOf(float magnitude, float sign) =>
        Interop.IntAsFloat(Interop.FloatAsInt(magnitude) | (Interop.FloatAsInt(sign) & SignBit));
}
