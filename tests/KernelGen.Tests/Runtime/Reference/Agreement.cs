using System.Numerics;
using System.Runtime.InteropServices;

namespace KernelGen.Tests.Runtime.Reference;

internal static class Agreement
{
    /// <summary>Relative root mean square error within the element type's gate.</summary>
    public static void Close<T>(double[] expected, T[] actual)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        double error = 0, size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = double.CreateTruncating(actual[i]) - expected[i];
            error += difference * difference;
            size += expected[i] * expected[i];
        }

        double gate = typeof(T) == typeof(float) ? 1e-6 : 1e-12;
        Assert.True(Math.Sqrt(error) <= gate * Math.Sqrt(size), $"relative RMS {Math.Sqrt(error / size):E2}, gate {gate:E0}");
    }

    /// <summary>The same bits.</summary>
    public static void Same<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual)
        where T : unmanaged
    {
        Assert.Equal(MemoryMarshal.AsBytes(expected).ToArray(), MemoryMarshal.AsBytes(actual).ToArray());
    }

    public static void Same<T>(T[]? expected, T[]? actual)
        where T : unmanaged => Same<T>(expected.AsSpan(), actual.AsSpan());
}
