using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary><see cref="ILanes{TVector, T}"/> over one <see cref="double"/>, never fused: for machines without vectors, whose fused arithmetic would be software.</summary>
internal readonly struct DoubleScalar : ILanes<double, double>
{
    public static bool IsFused => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Create(double value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Add(double a, double b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Subtract(double a, double b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Multiply(double a, double b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Divide(double a, double b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MultiplyAdd(double a, double b, double c) => (a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double AtLeast(double bound, double x) => bound > x ? bound : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double AtMost(double bound, double x) => bound < x ? bound : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double And(double a, double b) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(a) & BitConverter.DoubleToUInt64Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Or(double a, double b) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(a) | BitConverter.DoubleToUInt64Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Xor(double a, double b) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(a) ^ BitConverter.DoubleToUInt64Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ShiftLeft(double a, int count) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(a) << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ShiftRight(double a, int count) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(a) >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double AddBits(double a, double b) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(a) + BitConverter.DoubleToUInt64Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double LessThan(double a, double b) => Mask(a < b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double EqualBits(double a, double b) => Mask(BitConverter.DoubleToUInt64Bits(a) == BitConverter.DoubleToUInt64Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Select(double mask, double a, double b) => BitConverter.DoubleToUInt64Bits(mask) != 0 ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllLessThanOrEqual(double a, double b) => a <= b;

    private static double Mask(bool condition) => BitConverter.UInt64BitsToDouble(condition ? ulong.MaxValue : 0);
}
