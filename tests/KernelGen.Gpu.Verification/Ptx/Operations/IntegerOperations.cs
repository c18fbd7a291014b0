using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

internal readonly struct MultiplyHigh<T> : IBinary<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T x, T y) => T.CreateTruncating(Int128.CreateTruncating(x) * Int128.CreateTruncating(y) >> (int.CreateTruncating(T.PopCount(T.AllBitsSet))));
}

internal readonly struct MultiplyHighAdd<T> : ITernary<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T x, T y, T z) => MultiplyHigh<T>.Apply(x, y) + z;
}

internal readonly struct WideUInt32 : IBinary<ulong>
{
    public static ulong Apply(ulong x, ulong y) => (ulong)(uint)x * (uint)y;
}

internal readonly struct WideInt32 : IBinary<ulong>
{
    public static ulong Apply(ulong x, ulong y) => (ulong)((long)(int)x * (int)y);
}

internal readonly struct WideUInt16 : IBinary<ulong>
{
    public static ulong Apply(ulong x, ulong y) => (uint)((ushort)x * (ushort)y);
}

internal readonly struct WideInt16 : IBinary<ulong>
{
    public static ulong Apply(ulong x, ulong y) => (uint)((short)x * (short)y);
}

internal readonly struct WideAdd<TProduct> : ITernary<ulong>
    where TProduct : struct, IBinary<ulong>
{
    public static ulong Apply(ulong x, ulong y, ulong z) => TProduct.Apply(x, y) + z;
}

internal readonly struct And : IBinary<ulong>
{
    public static ulong Apply(ulong x, ulong y) => x & y;
}

internal readonly struct Or : IBinary<ulong>
{
    public static ulong Apply(ulong x, ulong y) => x | y;
}

internal readonly struct Xor : IBinary<ulong>
{
    public static ulong Apply(ulong x, ulong y) => x ^ y;
}

internal readonly struct Not : IUnary<ulong>
{
    public static ulong Apply(ulong x) => ~x;
}

/// <summary>Counts of the type's width or more leave nothing.</summary>
internal readonly struct ShiftLeft<T> : IBinary<ulong>
    where T : unmanaged, IBinaryInteger<T>
{
    public static ulong Apply(ulong x, ulong y)
    {
        int bits = Bits<T>.Count;
        return (uint)y >= bits ? 0 : x << (int)(uint)y;
    }
}

/// <summary>Counts of the type's width or more leave the sign.</summary>
internal readonly struct ShiftRight<T> : IBinary<ulong>
    where T : unmanaged, IBinaryInteger<T>
{
    public static ulong Apply(ulong x, ulong y)
    {
        int bits = Bits<T>.Count;
        T value = T.CreateTruncating(x);
        return ulong.CreateTruncating((uint)y < bits ? value >> (int)(uint)y : T.IsNegative(value) ? T.AllBitsSet : T.Zero);
    }
}

internal static class Bits<T>
    where T : unmanaged
{
    public static int Count => System.Runtime.CompilerServices.Unsafe.SizeOf<T>() * 8;
}

internal readonly struct PopCount<T> : IUnary<ulong>
    where T : unmanaged, IBinaryInteger<T>
{
    public static ulong Apply(ulong x) => ulong.CreateTruncating(T.PopCount(T.CreateTruncating(x)));
}

internal readonly struct LeadingZeroCount<T> : IUnary<ulong>
    where T : unmanaged, IBinaryInteger<T>
{
    public static ulong Apply(ulong x) => ulong.CreateTruncating(T.LeadingZeroCount(T.CreateTruncating(x)));
}

internal readonly struct Reverse<T> : IUnary<ulong>
    where T : unmanaged
{
    public static ulong Apply(ulong x)
    {
        ulong result = 0;
        for (int bit = 0; bit < Bits<T>.Count; bit++)
            result |= (x >> bit & 1) << Bits<T>.Count - 1 - bit;
        return result;
    }
}

/// <summary>Field of bits; signed ones are filled with the field's top bit, or the value's where the field leaves the value.</summary>
internal readonly struct ExtractField<T> : ITernary<ulong>
    where T : unmanaged, IBinaryInteger<T>
{
    public static ulong Apply(ulong x, ulong y, ulong z)
    {
        int bits = Bits<T>.Count;
        int position = (int)(y & 0xff);
        int length = (int)(z & 0xff);
        if (length == 0)
            return 0;
        int top = Math.Min(position + length - 1, bits - 1);
        bool isFilled = T.IsNegative(T.Zero - T.One) && (x >> top & 1) != 0;
        ulong result = 0;
        for (int bit = 0; bit < bits; bit++)
        {
            bool isSet = bit < length && position + bit < bits ? (x >> position + bit & 1) != 0 : isFilled;
            result |= isSet ? 1UL << bit : 0;
        }

        return result;
    }
}

internal readonly struct PermuteBytes : ITernary<ulong>
{
    public static ulong Apply(ulong x, ulong y, ulong z)
    {
        ulong bytes = (uint)x | y << 32;
        ulong result = 0;
        for (int at = 0; at < 4; at++)
        {
            int selector = (int)(z >> 4 * at) & 0xf;
            uint value = (uint)(bytes >> 8 * (selector & 7)) & 0xff;
            if ((selector & 8) != 0)
                value = (value & 0x80) != 0 ? 0xffu : 0;
            result |= (ulong)value << 8 * at;
        }

        return result;
    }
}
