using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

public static partial class VectorMath
{
    /// <summary>cos(x) in every lane, x in radians.</summary>
    /// <remarks>
    /// Worst error for |x| up to 2^20: float 1.81 ulp (all arguments measured), double no more (1.41 on samples). Beyond, and without fused arithmetic,
    /// <see cref="Math.Cos(double)"/> lane by lane. NaN for infinities and NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Cos(Vector512<float> x) => Trigonometric.Of<Single512, Vector512<float>, float, Binary32>(x, cosine: true);

    /// <inheritdoc cref="Cos(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Cos(Vector256<float> x) => Trigonometric.Of<Single256, Vector256<float>, float, Binary32>(x, cosine: true);

    /// <inheritdoc cref="Cos(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Cos(Vector128<float> x) => Trigonometric.Of<Single128, Vector128<float>, float, Binary32>(x, cosine: true);

    /// <inheritdoc cref="Cos(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Cos(float x) => Trigonometric.Of<SingleScalar, float, float, Binary32>(x, cosine: true);

    /// <inheritdoc cref="Cos(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Cos(Vector512<double> x) => Trigonometric.Of<Double512, Vector512<double>, double, Binary64>(x, cosine: true);

    /// <inheritdoc cref="Cos(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Cos(Vector256<double> x) => Trigonometric.Of<Double256, Vector256<double>, double, Binary64>(x, cosine: true);

    /// <inheritdoc cref="Cos(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Cos(Vector128<double> x) => Trigonometric.Of<Double128, Vector128<double>, double, Binary64>(x, cosine: true);

    /// <inheritdoc cref="Cos(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Cos(double x) => Trigonometric.Of<DoubleScalar, double, double, Binary64>(x, cosine: true);
}
