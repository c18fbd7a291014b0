using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

/// <summary>
/// The end of a row sum. Every instruction set keeps the same 64 bytes of lanes (16 floats or 8 doubles, in one, two or four vectors)
/// and adds them in the same tree, halving: lane l to lane l + 8, then l + 4, l + 2, l + 1 (doubles: from l + 4 on). Addition commutes, so
/// the same bits follow.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class VectorLanes
{
    /// <summary>The sum of 16 lanes in the fixed order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> lanes) => Sum(lanes.GetLower() + lanes.GetUpper());

    /// <inheritdoc cref="Sum(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> low, Vector256<float> high) => Sum(low + high);

    /// <inheritdoc cref="Sum(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> v0, Vector128<float> v1, Vector128<float> v2, Vector128<float> v3) => Sum((v0 + v2) + (v1 + v3));

    /// <summary>The sum of 16 scalars in the fixed order.</summary>
    /// <param name="lanes">At least 16 lanes; the first 16 count.</param>
    public static float Sum(ReadOnlySpan<float> lanes)
    {
        lanes = lanes[..16];
        return Sum(
            (lanes[0] + lanes[8]) + (lanes[4] + lanes[12]),
            (lanes[1] + lanes[9]) + (lanes[5] + lanes[13]),
            (lanes[2] + lanes[10]) + (lanes[6] + lanes[14]),
            (lanes[3] + lanes[11]) + (lanes[7] + lanes[15]));
    }

    /// <summary>The sum of 8 lanes in the fixed order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector512<double> lanes) => Sum(lanes.GetLower() + lanes.GetUpper());

    /// <inheritdoc cref="Sum(Vector512{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector256<double> low, Vector256<double> high) => Sum(low + high);

    /// <inheritdoc cref="Sum(Vector512{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector128<double> v0, Vector128<double> v1, Vector128<double> v2, Vector128<double> v3) => Sum((v0 + v2) + (v1 + v3));

    /// <summary>The sum of 8 scalars in the fixed order.</summary>
    /// <param name="lanes">At least 8 lanes; the first 8 count.</param>
    public static double Sum(ReadOnlySpan<double> lanes)
    {
        lanes = lanes[..8];
        return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
    }

    /// <summary>The greatest of 16 lanes.</summary>
    public static float Max(Vector512<float> lanes) => Max(Vector256.Max(lanes.GetLower(), lanes.GetUpper()));

    /// <inheritdoc cref="Max(Vector512{float})"/>
    public static float Max(Vector256<float> low, Vector256<float> high) => Max(Vector256.Max(low, high));

    /// <inheritdoc cref="Max(Vector512{float})"/>
    public static float Max(Vector128<float> v0, Vector128<float> v1, Vector128<float> v2, Vector128<float> v3) =>
        Max(Vector128.Max(Vector128.Max(v0, v1), Vector128.Max(v2, v3)));

    /// <summary>The greatest of 8 lanes.</summary>
    public static double Max(Vector512<double> lanes) => Max(Vector256.Max(lanes.GetLower(), lanes.GetUpper()));

    /// <inheritdoc cref="Max(Vector512{double})"/>
    public static double Max(Vector256<double> low, Vector256<double> high) => Max(Vector256.Max(low, high));

    /// <inheritdoc cref="Max(Vector512{double})"/>
    public static double Max(Vector128<double> v0, Vector128<double> v1, Vector128<double> v2, Vector128<double> v3) =>
        Max(Vector128.Max(Vector128.Max(v0, v1), Vector128.Max(v2, v3)));

    private static float Max(Vector256<float> eight) => Max(Vector128.Max(eight.GetLower(), eight.GetUpper()));

    private static float Max(Vector128<float> four)
    {
        Vector128<float> two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    private static double Max(Vector256<double> four) => Max(Vector128.Max(four.GetLower(), four.GetUpper()));

    private static double Max(Vector128<double> two) => Vector128.Max(two, Vector128.Shuffle(two, Vector128.Create(1L, 0L))).ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector256<float> eight) => Sum(eight.GetLower() + eight.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(Vector256<double> four) => Sum(four.GetLower() + four.GetUpper());

    // Vector128.Sum would add neighbours first on some hardware.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector128<float> four)
    {
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return (two + Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(Vector128<double> two) => (two + Vector128.Shuffle(two, Vector128.Create(1L, 0L))).ToScalar();

    private static float Sum(float a, float b, float c, float d) => (a + c) + (b + d);
}
