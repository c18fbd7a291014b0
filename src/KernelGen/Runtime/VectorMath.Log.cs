using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

public static partial class VectorMath
{
    /// <summary>Natural logarithm of every lane.</summary>
    /// <remarks>
    /// Worst error: float 0.83 ulp (all arguments measured), double 0.83, denormals included, fused or not. log(0) = -infinity for either zero, NaN for
    /// negative numbers, log(+infinity) = +infinity, NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x) => Logarithm.Of<Single512, Vector512<float>, float, Binary32>(x);

    /// <inheritdoc cref="Log(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log(Vector256<float> x) => Logarithm.Of<Single256, Vector256<float>, float, Binary32>(x);

    /// <inheritdoc cref="Log(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Log(Vector128<float> x) => Logarithm.Of<Single128, Vector128<float>, float, Binary32>(x);

    /// <inheritdoc cref="Log(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x) => Logarithm.Of<SingleScalar, float, float, Binary32>(x);

    /// <inheritdoc cref="Log(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log(Vector512<double> x) => Logarithm.Of<Double512, Vector512<double>, double, Binary64>(x);

    /// <inheritdoc cref="Log(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x) => Logarithm.Of<Double256, Vector256<double>, double, Binary64>(x);

    /// <inheritdoc cref="Log(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Log(Vector128<double> x) => Logarithm.Of<Double128, Vector128<double>, double, Binary64>(x);

    /// <inheritdoc cref="Log(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Log(double x) => Logarithm.Of<DoubleScalar, double, double, Binary64>(x);
}
