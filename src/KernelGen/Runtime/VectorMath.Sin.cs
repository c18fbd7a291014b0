using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

public static partial class VectorMath
{
    /// <summary>sin(x) in every lane, x in radians.</summary>
    /// <remarks>
    /// Worst error for |x| up to 2^20: float 1.67 ulp (all arguments measured), double no more (1.41 on samples). Beyond, and without fused arithmetic,
    /// <see cref="Math.Sin(double)"/> lane by lane. Odd to the bit, -0 included; NaN for infinities and NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sin(Vector512<float> x) => Trigonometric.Of<Single512, Vector512<float>, float, Binary32>(x, cosine: false);

    /// <inheritdoc cref="Sin(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sin(Vector256<float> x) => Trigonometric.Of<Single256, Vector256<float>, float, Binary32>(x, cosine: false);

    /// <inheritdoc cref="Sin(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sin(Vector128<float> x) => Trigonometric.Of<Single128, Vector128<float>, float, Binary32>(x, cosine: false);

    /// <inheritdoc cref="Sin(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sin(float x) => Trigonometric.Of<SingleScalar, float, float, Binary32>(x, cosine: false);

    /// <inheritdoc cref="Sin(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Sin(Vector512<double> x) => Trigonometric.Of<Double512, Vector512<double>, double, Binary64>(x, cosine: false);

    /// <inheritdoc cref="Sin(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Sin(Vector256<double> x) => Trigonometric.Of<Double256, Vector256<double>, double, Binary64>(x, cosine: false);

    /// <inheritdoc cref="Sin(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Sin(Vector128<double> x) => Trigonometric.Of<Double128, Vector128<double>, double, Binary64>(x, cosine: false);

    /// <inheritdoc cref="Sin(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sin(double x) => Trigonometric.Of<DoubleScalar, double, double, Binary64>(x, cosine: false);
}
