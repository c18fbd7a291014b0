using ILGPU;

namespace KernelGen.Gpu;

/// <summary>
/// Elementary functions for emitted GPU kernels, as accurate as the CPU's: a device's own are approximate where CUDA's defaults are (a relative error of 2^-21 and worse). The
/// polynomials are those of the CPU targets.
/// </summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public static class GpuMath
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693145751953125f;
    private const float Ln2Low = 1.42860677e-6f;
    private const float RoundingMagic = 12582912f;

    /// <summary>exp(x) within 2 ulp; +0 below 2^-126.</summary>
    public static float Exp(float x)
    {
        float clamped = x < -87.3f ? -87.3f : x > 88.9f ? 88.9f : x;
        float shifted = (clamped * Log2E) + RoundingMagic;
        float n = shifted - RoundingMagic;
        float r = (clamped - (n * Ln2High)) - (n * Ln2Low);
        float p = 0.0165247284f;
        p = (p * r) + 0.0837970078f;
        p = (p * r) + 0.333363533f;
        p = (p * r) + 0.999982893f;
        p = (p * r) + 1.99999893f;
        p = (p * r) + 2f;

        // 2^(n-1): a half more room at the top, where the last product overflows by itself.
        int exponent = (int)n + 126;
        return x < -87.3f ? 0f : p * Interop.IntAsFloat((uint)(exponent << 23));
    }

    /// <summary>ln x within 2 ulp; NaN below zero, minus infinity at zero.</summary>
    public static float Log(float x)
    {
        if (!(x > 0f))
            return x == 0f ? float.NegativeInfinity : float.NaN;
        if (x == float.PositiveInfinity)
            return x;
        float scaled = x < 1.17549435e-38f ? x * 8388608f : x;
        int bits = (int)Interop.FloatAsInt(scaled);
        int exponent = ((bits - 0x3F3504F3) >> 23) + (x < 1.17549435e-38f ? -23 : 0);
        float m = Interop.IntAsFloat((uint)(bits - (((bits - 0x3F3504F3) >> 23) << 23)));
        float f = m - 1f, s = f / (2f + f), z = s * s;
        float p = 0.298714608f;
        p = (p * z) + 0.399775684f;
        p = (p * z) + 0.666667759f;
        float half = 0.5f * f * f;
        float n = exponent;
        return (n * Ln2High) - ((half - ((s * (half + (p * z))) + (n * Ln2Low))) - f);
    }

    /// <summary>Hyperbolic tangent.</summary>
    public static float Tanh(float x)
    {
        float a = Abs(x);
        if (a > 10f)
            return x < 0f ? -1f : 1f;
        if (a < 0.55f)
        {
            // tanh from a series where the difference below would cancel.
            float z = x * x, p = -0.00886323552f;
            p = (p * z) + 0.0218694885f;
            p = (p * z) - 0.0539682540f;
            p = (p * z) + 0.133333333f;
            p = (p * z) - 0.333333333f;
            return (p * z * x) + x;
        }

        float e = Exp(2f * a), t = 1f - (2f / (e + 1f));
        return x < 0f ? -t : t;
    }

    /// <summary>sin x for |x| up to 2^20.</summary>
    public static float Sin(float x) => Circular(x, 0);

    /// <summary>cos x for |x| up to 2^20.</summary>
    public static float Cos(float x) => Circular(x, 1);

    /// <summary>|x|.</summary>
    public static float Abs(float x) => Interop.IntAsFloat(Interop.FloatAsInt(x) & 0x7FFFFFFF);

    /// <summary>The square root, correctly rounded where the device's is.</summary>
    public static float Sqrt(float x) => MathF.Sqrt(x);

    /// <summary>The lesser; NaN where either is.</summary>
    public static float Min(float a, float b) => float.IsNaN(a) ? a : float.IsNaN(b) ? b : a < b ? a : b;

    /// <summary>The greater; NaN where either is.</summary>
    public static float Max(float a, float b) => float.IsNaN(a) ? a : float.IsNaN(b) ? b : a > b ? a : b;

    /// <summary>The greatest whole number that is not greater.</summary>
    public static float Floor(float x)
    {
        float n = Truncate(x);
        return n > x ? n - 1f : n;
    }

    /// <summary>The least whole number that is not less.</summary>
    public static float Ceiling(float x)
    {
        float n = Truncate(x);
        return n < x ? n + 1f : n;
    }

    /// <summary>Without its fraction.</summary>
    public static float Truncate(float x) => Abs(x) < 8388608f ? (int)x : x;

    /// <summary>The nearest whole number, the even one of two.</summary>
    public static float Round(float x)
    {
        if (!(Abs(x) < 4194304f))
            return Abs(x) < 8388608f ? RoundHalf(x) : x;
        float n = x + RoundingMagic;
        return n - RoundingMagic;
    }

    private static float RoundHalf(float x)
    {
        float n = Floor(x), d = x - n;
        return d < 0.5f ? n : d > 0.5f ? n + 1f : ((int)n & 1) == 0 ? n : n + 1f;
    }

    private static float Circular(float x, int quarter)
    {
        float shifted = (x * 0.636619747f) + RoundingMagic;
        float n = shifted - RoundingMagic;

        // Half pi in four parts whose products with n are exact: n has 20 bits at most, the parts few.
        float r = x - (n * 1.5703125f);
        r -= n * 4.8351287841796875e-4f;
        r -= n * 3.13855707645416259765625e-7f;
        r -= n * 6.0771005065061922e-11f;
        float z = r * r;
        float s = -0.000195185989f;
        s = (s * z) + 0.00833219104f;
        s = (s * z) - 0.166666552f;
        s = (s * z * r) + r;
        float c = 2.44306702e-05f;
        c = (c * z) - 0.00138873013f;
        c = (c * z) + 0.0416666456f;
        c = (c * z * z) + (1f - (0.5f * z));
        int turn = ((int)n + quarter) & 3;
        float value = (turn & 1) == 0 ? s : c;
        return (turn & 2) == 0 ? value : -value;
    }
}
