using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

internal readonly struct Add<T> : IBinary<T>
    where T : IAdditionOperators<T, T, T>
{
    public static T Apply(T x, T y) => x + y;
}

internal readonly struct Subtract<T> : IBinary<T>
    where T : ISubtractionOperators<T, T, T>
{
    public static T Apply(T x, T y) => x - y;
}

internal readonly struct Multiply<T> : IBinary<T>
    where T : IMultiplyOperators<T, T, T>
{
    public static T Apply(T x, T y) => x * y;
}

internal readonly struct Divide<T> : IBinary<T>
    where T : INumber<T>
{
    // .NET throws where a two's complement quotient overflows; hardware wraps.
    public static T Apply(T x, T y) => y + T.One == T.Zero && T.IsNegative(y) ? T.Zero - x : x / y;
}

internal readonly struct FloatDivide<T> : IBinary<T>
    where T : IDivisionOperators<T, T, T>
{
    public static T Apply(T x, T y) => x / y;
}

internal readonly struct Remainder<T> : IBinary<T>
    where T : INumber<T>
{
    public static T Apply(T x, T y) => y + T.One == T.Zero && T.IsNegative(y) ? T.Zero : x % y;
}

/// <summary>One operand's number where the other is NaN, and -0 below +0.</summary>
internal readonly struct Minimum<T> : IBinary<T>
    where T : INumber<T>
{
    public static T Apply(T x, T y) => T.MinNumber(x, y);
}

internal readonly struct Maximum<T> : IBinary<T>
    where T : INumber<T>
{
    public static T Apply(T x, T y) => T.MaxNumber(x, y);
}

/// <summary>.NaN: NaN where either is.</summary>
internal readonly struct MinimumOrNaN<T> : IBinary<T>
    where T : INumber<T>
{
    public static T Apply(T x, T y) => T.Min(x, y);
}

internal readonly struct MaximumOrNaN<T> : IBinary<T>
    where T : INumber<T>
{
    public static T Apply(T x, T y) => T.Max(x, y);
}

internal readonly struct Negate<T> : IUnary<T>
    where T : IUnaryNegationOperators<T, T>
{
    public static T Apply(T x) => -x;
}

internal readonly struct Absolute<T> : IUnary<T>
    where T : INumber<T>
{
    public static T Apply(T x) => T.IsNegative(x) ? -x : x;
}

internal readonly struct SquareRoot<T> : IUnary<T>
    where T : IRootFunctions<T>
{
    public static T Apply(T x) => T.Sqrt(x);
}

internal readonly struct Reciprocal<T> : IUnary<T>
    where T : INumber<T>
{
    public static T Apply(T x) => T.One / x;
}

internal readonly struct CopySign<T> : IBinary<T>
    where T : INumber<T>
{
    // PTX gives the second operand the first one's sign.
    public static T Apply(T x, T y) => T.CopySign(y, x);
}

/// <summary>One rounding, as fma and mad of floating point have.</summary>
internal readonly struct FusedMultiplyAdd<T> : ITernary<T>
    where T : IFloatingPointIeee754<T>
{
    public static T Apply(T x, T y, T z)
    {
        if (typeof(T) == typeof(Half))
            return (T)(object)HalfFusedMultiplyAdd((Half)(object)x, (Half)(object)y, (Half)(object)z);
        return T.FusedMultiplyAdd(x, y, z);
    }

    // The product is exact in double; the sum is rounded to odd there, after which one more rounding is the only one that counts.
    private static Half HalfFusedMultiplyAdd(Half x, Half y, Half z)
    {
        double product = (double)x * (double)y;
        double addend = (double)z;
        double sum = product + addend;
        double part = sum - product;
        double error = product - (sum - part) + (addend - part);
        if (double.IsFinite(sum) && error != 0 && (BitConverter.DoubleToInt64Bits(sum) & 1) == 0)
            sum = error > 0 ? double.BitIncrement(sum) : double.BitDecrement(sum);
        return (Half)sum;
    }
}

internal readonly struct FusedMultiplySubtract<T> : ITernary<T>
    where T : IFloatingPointIeee754<T>
{
    public static T Apply(T x, T y, T z) => FusedMultiplyAdd<T>.Apply(x, y, -z);
}

internal readonly struct FusedNegatedMultiplyAdd<T> : ITernary<T>
    where T : IFloatingPointIeee754<T>
{
    public static T Apply(T x, T y, T z) => FusedMultiplyAdd<T>.Apply(-x, y, z);
}

internal readonly struct MultiplyAdd<T> : ITernary<T>
    where T : INumber<T>
{
    public static T Apply(T x, T y, T z) => x * y + z;
}
