using ILGPU;

namespace KernelGen.Gpu;

public static partial class GpuMath
{
    private const float HalfPi0 = 1.57080078125f;
    private const float HalfPi1 = -4.470348358154297e-06f;
    private const float HalfPi2 = 1.5890691429376602e-08f;
    private const float HalfPi3 = 2.5633440682570896e-12f;

    /// <summary>The first 64 bits of pi / 2, in halves: times 2^-63.</summary>
    private const ulong HalfPiHigh = 0xC90F_DAA2;
    private const ulong HalfPiLow = 0x2168_C234;

    /// <summary>sin x within 1.5 ulp for every x, 1.3 where sums are fused; zeros keep their sign, NaN of infinities.</summary>
    public static float Sin(float x) => Circular(x, 0, Interop.FloatAsInt(x) & SignBit);

    /// <summary>cos x within 1.5 ulp for every x, 1.3 where sums are fused; NaN of infinities.</summary>
    public static float Cos(float x) => Circular(x, 1, 0);

    /// <summary>sin(|x| + quarter pi / 2), with a sign: |x| = q pi / 2 + r + tail, as in <see cref="Reduce"/> or here.</summary>
    private static float Circular(float x, uint quarter, uint sign)
    {
        float a = MathF.Abs(x), r, tail;
        uint q;
        if (a <= 3200f)
        {
            // q has 11 bits, and the parts of pi / 2 but the last 12 at most and end at 2^-11, 2^-24 and 2^-37: their products with q are exact, fused or not, and so are the
            // first two differences. What the third loses is the tail.
            float shifted = (a * 0.636619747f) + RoundingMagic;
            float n = shifted - RoundingMagic;
            float near = (a - (n * HalfPi0)) - (n * HalfPi1);
            r = near - (n * HalfPi2);
            tail = ((near - r) - (n * HalfPi2)) - (n * HalfPi3);
            q = Interop.FloatAsInt(shifted);
        }
        else
        {
            ulong turns = Reduce(Interop.FloatAsInt(a));
            ulong whole = (turns + (1UL << 61)) >> 62;
            long fraction = (long)(turns - (whole << 62));
            long mask = fraction >> 63;
            ulong magnitude = (ulong)((fraction ^ mask) - mask);

            // The upper half of the product with pi / 2, of which 32 bits matter even where r is least (2^-30).
            ulong high = magnitude >> 32, low = magnitude & 0xFFFF_FFFF;
            long product = (long)((high * HalfPiHigh) + ((high * HalfPiLow) >> 32) + ((low * HalfPiHigh) >> 32));
            float leading = product;
            float scale = fraction < 0 ? -4.33680869e-19f : 4.33680869e-19f;
            r = leading * scale;
            tail = (product - (long)leading) * scale;
            q = (uint)whole;
        }

        float z = r * r;
        float s = -0.000195185989f;
        s = (s * z) + 0.00833219104f;
        s = (s * z) - 0.166666552f;
        s = ((r * z * s) + tail) + r;
        float c = 2.44306702e-05f;
        c = (c * z) - 0.00138873013f;
        c = (c * z) + 0.0416666456f;
        c = (c * z) - 0.5f;
        c = (c * z) + 1f;
        uint turn = q + quarter;
        float value = (turn & 1) == 0 ? s : c;
        float signed = Interop.IntAsFloat(Interop.FloatAsInt(value) ^ ((turn << 30) & SignBit) ^ sign);
        return a < float.PositiveInfinity ? signed : float.NaN;
    }

    /// <summary>a 2 / pi modulo 4, times 2^62, in whole numbers alone: for a above 2^11, given its bits.</summary>
    /// <remarks>
    /// a = m 2^e with a whole m below 2^24. Of 2 / pi the 96 bits count whose first becomes 2 when multiplied by 2^e: earlier ones give multiples of 4.
    /// </remarks>
    private static ulong Reduce(uint bits)
    {
        uint m = (bits & FractionMask) | (FractionMask + 1);

        // 2 / pi from 2^17 on, in words of 32 bits; the window begins in one of the first four.
        int first = (int)(bits >> 23) - 134;
        uint byOne = 0u - (uint)((first >> 5) & 1), byTwo = 0u - (uint)((first >> 6) & 1);
        uint a0 = Choose(byOne, 0x0000_28BE, 0x60DB_9391), a1 = Choose(byOne, 0x60DB_9391, 0x054A_7F09), a2 = Choose(byOne, 0x054A_7F09, 0xD5F4_7D4D);
        uint a3 = Choose(byOne, 0xD5F4_7D4D, 0x3770_36D8), a4 = Choose(byOne, 0x3770_36D8, 0xA566_4F10), a5 = Choose(byOne, 0xA566_4F10, 0xE410_7F94);
        uint b0 = Choose(byTwo, a0, a2), b1 = Choose(byTwo, a1, a3), b2 = Choose(byTwo, a2, a4), b3 = Choose(byTwo, a3, a5);
        int shift = first & 31;
        uint w0 = Window(b0, b1, shift), w1 = Window(b1, b2, shift), w2 = Window(b2, b3, shift);
        return ((ulong)(m * w0) << 32) + ((ulong)m * w1) + (((ulong)m * w2) >> 32);
    }

    /// <summary>The second where the mask is all ones, the first where it is zero.</summary>
    private static uint Choose(uint mask, uint first, uint second) => first ^ (mask & (first ^ second));

    /// <summary>32 bits of two words, from a place in the first on.</summary>
    private static uint Window(uint first, uint second, int shift) => (uint)(((((ulong)first << 32) | second) << shift) >> 32);
}
