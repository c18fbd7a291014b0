using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Integers keep their low bits; floating point takes the nearest number, ties to even.</summary>
internal readonly struct Truncating<TFrom, TTo> : IConversion<TFrom, TTo>
    where TFrom : INumber<TFrom>
    where TTo : INumber<TTo>
{
    public static TTo Apply(TFrom x)
    {
        if (typeof(TFrom) == typeof(ulong) && typeof(TTo) == typeof(float))
            return (TTo)(object)NearestSingle((ulong)(object)x);
        return TTo.CreateTruncating(x);
    }

    // A step through double would round twice: 64 bits become 63 that fit a signed integer, the lowest one sticky.
    private static float NearestSingle(ulong x) => x <= long.MaxValue ? (long)x : (float)(long)(x >> 1 | x & 1) * 2;
}

/// <summary>Integers outside the target's range become its ends.</summary>
internal readonly struct Saturating<TFrom, TTo> : IConversion<TFrom, TTo>
    where TFrom : INumber<TFrom>
    where TTo : INumber<TTo>
{
    public static TTo Apply(TFrom x) => TTo.CreateSaturating(x);
}

internal interface IRounding
{
    static abstract T Round<T>(T x)
        where T : IFloatingPointIeee754<T>;
}

internal readonly struct ToNearest : IRounding
{
    public static T Round<T>(T x)
        where T : IFloatingPointIeee754<T> => T.Round(x, MidpointRounding.ToEven);
}

internal readonly struct ToZero : IRounding
{
    public static T Round<T>(T x)
        where T : IFloatingPointIeee754<T> => T.Truncate(x);
}

internal readonly struct Down : IRounding
{
    public static T Round<T>(T x)
        where T : IFloatingPointIeee754<T> => T.Floor(x);
}

internal readonly struct Up : IRounding
{
    public static T Round<T>(T x)
        where T : IFloatingPointIeee754<T> => T.Ceiling(x);
}

/// <summary>Floating point to an integer: beyond its range its ends; NaN 0, or the top bit alone where either side has 64 bits.</summary>
internal readonly struct FloatToInteger<TFrom, TTo, TRounding> : IConversion<TFrom, TTo>
    where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
    where TTo : unmanaged, IBinaryInteger<TTo>
    where TRounding : struct, IRounding
{
    public static TTo Apply(TFrom x)
    {
        if (!TFrom.IsNaN(x))
            return TTo.CreateSaturating(TRounding.Round(x));
        return Bits<TTo>.Count == 64 || Bits<TFrom>.Count == 64 ? TTo.One << Bits<TTo>.Count - 1 : TTo.Zero;
    }
}

/// <summary>Floating point to a whole number of the same type.</summary>
internal readonly struct RoundToWhole<T, TRounding> : IConversion<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TRounding : struct, IRounding
{
    public static T Apply(T x) => TRounding.Round(x);
}

/// <summary>To floating point towards zero, down or up: the nearest number, and its neighbour where that lies on the wrong side.</summary>
internal readonly struct Directed<TFrom, TTo, TRounding> : IConversion<TFrom, TTo>
    where TFrom : unmanaged, INumber<TFrom>
    where TTo : unmanaged, IFloatingPointIeee754<TTo>
    where TRounding : struct, IRounding
{
    public static TTo Apply(TFrom x)
    {
        TTo nearest = Truncating<TFrom, TTo>.Apply(x);
        if (TTo.IsNaN(nearest) || TFrom.IsInfinity(x))
            return nearest;
        bool isUp = typeof(TRounding) == typeof(Up) || (typeof(TRounding) == typeof(ToZero) && TFrom.IsNegative(x));
        int side = Side(nearest, x);
        return isUp && side < 0 ? TTo.BitIncrement(nearest) : !isUp && side > 0 ? TTo.BitDecrement(nearest) : nearest;
    }

    private static int Side(TTo rounded, TFrom exact)
    {
        if (TFrom.IsInteger(TFrom.One / (TFrom.One + TFrom.One)))
            return TTo.IsInfinity(rounded) ? TTo.Sign(rounded) : Int128.CreateTruncating(rounded).CompareTo(Int128.CreateTruncating(exact));
        return double.CreateTruncating(rounded).CompareTo(double.CreateTruncating(exact));
    }
}

/// <summary>Changes of floating-point type with .ftz or .sat: subnormals of f32 are flushed on either side, results held in [0, 1].</summary>
internal readonly struct Modified<TFrom, TTo, TConversion, TIn, TOut> : IConversion<TFrom, TTo>
    where TConversion : struct, IConversion<TFrom, TTo>
    where TIn : struct, IMode<TFrom>
    where TOut : struct, IMode<TTo>
{
    public static TTo Apply(TFrom x) => TOut.Out(TConversion.Apply(TIn.In(x)));
}

/// <summary>Narrow formats, most of which .NET lacks.</summary>
internal static class NarrowFormats
{
    /// <summary>A half, to nearest, ties to even; NaN is all ones but the sign, as PTX has it.</summary>
    public static ushort ToF16(float x) => float.IsNaN(x) ? (ushort)0x7fff : BitConverter.HalfToUInt16Bits((Half)x);

    /// <summary>Upper half of a float, to nearest, ties to even.</summary>
    public static ushort ToBf16(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsNaN(x) ? (ushort)0x7fff : (ushort)(bits + 0x7fff + (bits >> 16 & 1) >> 16);
    }

    public static float FromBf16(ushort x) => BitConverter.UInt32BitsToSingle((uint)x << 16);

    /// <summary>10 bits of mantissa, to nearest, ties away from zero.</summary>
    public static uint ToTf32(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsFinite(x) ? bits + 0x1000 & 0xffffe000 : float.IsNaN(x) ? 0x7fffffff : bits;
    }
}
