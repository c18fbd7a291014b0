using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

public static partial class VectorMath
{
    /// <summary>tanh(x) in every lane.</summary>
    /// <remarks>
    /// Worst error: float 1.72 ulp (all arguments measured), double 1.75; without fused arithmetic 2.5. Odd to the bit, -0 included; exactly +-1 from
    /// |x| = 9.02 on (double: 19.07); NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x) => HyperbolicTangent.Of<Single512, Vector512<float>, float, Binary32>(x);

    /// <inheritdoc cref="Tanh(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x) => HyperbolicTangent.Of<Single256, Vector256<float>, float, Binary32>(x);

    /// <inheritdoc cref="Tanh(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Tanh(Vector128<float> x) => HyperbolicTangent.Of<Single128, Vector128<float>, float, Binary32>(x);

    /// <inheritdoc cref="Tanh(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Tanh(float x) => HyperbolicTangent.Of<SingleScalar, float, float, Binary32>(x);

    /// <inheritdoc cref="Tanh(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Tanh(Vector512<double> x) => HyperbolicTangent.Of<Double512, Vector512<double>, double, Binary64>(x);

    /// <inheritdoc cref="Tanh(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Tanh(Vector256<double> x) => HyperbolicTangent.Of<Double256, Vector256<double>, double, Binary64>(x);

    /// <inheritdoc cref="Tanh(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Tanh(Vector128<double> x) => HyperbolicTangent.Of<Double128, Vector128<double>, double, Binary64>(x);

    /// <inheritdoc cref="Tanh(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Tanh(double x) => HyperbolicTangent.Of<DoubleScalar, double, double, Binary64>(x);
}
