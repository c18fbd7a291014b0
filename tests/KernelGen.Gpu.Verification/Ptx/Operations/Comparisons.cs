using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

internal readonly struct Equal<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool Apply(T x, T y) => x == y;
}

// "ne" is ordered: false where either is NaN.
internal readonly struct NotEqual<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool Apply(T x, T y) => x < y || x > y;
}

internal readonly struct Less<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool Apply(T x, T y) => x < y;
}

internal readonly struct LessOrEqual<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool Apply(T x, T y) => x <= y;
}

internal readonly struct Greater<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool Apply(T x, T y) => x > y;
}

internal readonly struct GreaterOrEqual<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool Apply(T x, T y) => x >= y;
}

internal readonly struct Ordered<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool Apply(T x, T y) => !T.IsNaN(x) && !T.IsNaN(y);
}

/// <summary>True where the ordered comparison it is made of is false: the unordered form of its opposite.</summary>
internal readonly struct Opposite<T, TComparison> : IComparison<T>
    where TComparison : struct, IComparison<T>
{
    public static bool Apply(T x, T y) => !TComparison.Apply(x, y);
}

/// <summary>.ftz of comparisons.</summary>
internal readonly struct Flushed<T, TComparison> : IComparison<T>
    where T : IFloatingPointIeee754<T>
    where TComparison : struct, IComparison<T>
{
    public static bool Apply(T x, T y) => TComparison.Apply(FlushToZero<T>.In(x), FlushToZero<T>.In(y));
}

internal readonly struct IsNotANumber<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool Apply(T x, T y) => T.IsNaN(x);
}

internal readonly struct IsInfinite<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool Apply(T x, T y) => T.IsInfinity(x);
}

internal readonly struct IsFinite<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool Apply(T x, T y) => T.IsFinite(x);
}

internal readonly struct IsNormal<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool Apply(T x, T y) => T.IsNormal(x);
}

internal readonly struct IsSubnormal<T> : IComparison<T>
    where T : INumber<T>
{
    public static bool Apply(T x, T y) => T.IsSubnormal(x);
}
