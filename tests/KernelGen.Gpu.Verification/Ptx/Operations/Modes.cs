using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

internal readonly struct Plain<T> : IMode<T>
{
    public static T In(T x) => x;

    public static T Out(T x) => x;
}

/// <summary>.ftz: subnormal operands and results are zeros of their sign.</summary>
internal readonly struct FlushToZero<T> : IMode<T>
    where T : IFloatingPointIeee754<T>
{
    public static T In(T x) => T.IsSubnormal(x) ? T.CopySign(T.Zero, x) : x;

    public static T Out(T x) => In(x);
}

/// <summary>.sat: results lie in [0, 1], NaN becomes 0.</summary>
internal readonly struct Saturate<T> : IMode<T>
    where T : IFloatingPointIeee754<T>
{
    public static T In(T x) => x;

    public static T Out(T x) => x > T.Zero ? x < T.One ? x : T.One : T.Zero;
}

internal readonly struct FlushAndSaturate<T> : IMode<T>
    where T : IFloatingPointIeee754<T>
{
    public static T In(T x) => FlushToZero<T>.In(x);

    public static T Out(T x) => Saturate<T>.Out(FlushToZero<T>.In(x));
}
