namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>16-bit floating point by its definition: sign, exponent and fraction, and the nearest of two neighbours by comparison, ties to the even one.</summary>
internal static class NarrowReference
{
    public static float Widen(ushort bits, bool isHalf)
    {
        int fractionBits = isHalf ? 10 : 7;
        int bias = isHalf ? 15 : 127;
        int special = (1 << 15 - fractionBits) - 1;
        int exponent = bits >> fractionBits & special;
        int fraction = bits & (1 << fractionBits) - 1;
        double magnitude = exponent == special ? fraction == 0 ? double.PositiveInfinity : double.NaN
            : exponent == 0 ? Math.ScaleB(fraction, 1 - bias - fractionBits)
            : Math.ScaleB(fraction + (1 << fractionBits), exponent - bias - fractionBits);
        return (float)((bits & 0x8000) != 0 ? -magnitude : magnitude);
    }

    /// <summary>The nearest number of the format; what lies half a unit beyond the greatest, or further, is infinite.</summary>
    public static float Round(double x, bool isHalf)
    {
        if (double.IsNaN(x))
            return float.NaN;
        int fractionBits = isHalf ? 10 : 7;
        int least = isHalf ? -14 : -126;
        int exponent = x == 0 || double.IsInfinity(x) ? least : Math.Max(least, Math.ILogB(x));
        double unit = Math.ScaleB(1, exponent - fractionBits);
        double rounded = Math.Round(x / unit, MidpointRounding.ToEven) * unit;
        double limit = Math.ScaleB(1, isHalf ? 16 : 128);
        return (float)(Math.Abs(rounded) >= limit ? Math.CopySign(double.PositiveInfinity, x) : rounded == 0 ? Math.CopySign(0, x) : rounded);
    }

    /// <summary>The bits of a number of the format, NaN apart.</summary>
    public static ushort Bits(float x, bool isHalf)
    {
        int sign = float.IsNegative(x) ? 0x8000 : 0;
        int fractionBits = isHalf ? 10 : 7;
        int bias = isHalf ? 15 : 127;
        if (float.IsInfinity(x))
            return (ushort)(sign | (1 << 15 - fractionBits) - 1 << fractionBits);
        double magnitude = Math.Abs((double)x);
        int exponent = magnitude == 0 ? 1 - bias : Math.Max(1 - bias, Math.ILogB(magnitude));

        // The leading one of a normal number carries into the exponent.
        int significand = (int)Math.ScaleB(magnitude, fractionBits - exponent);
        return (ushort)(sign | (exponent + bias - 1 << fractionBits) + significand);
    }
}
