namespace KernelGen.Gpu.Tests.Elementary;

/// <summary>The functions of emitted kernels as C# executes them, where no product is fused with a sum.</summary>
public sealed class GpuMathTests
{
    /// <summary>Odd, so that every low bit occurs: two million points.</summary>
    private const uint Stride = 2111;

    private static readonly float[] _special =
    [
        0f, -0f, float.Epsilon, -float.Epsilon, float.MinValue, float.MaxValue, float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity,
        1.17549435e-38f, 1.17549421e-38f, 0.5f, -0.5f, 0.49999997f, 1f, -1f, 0.99999994f, 1.00000012f, 1.5f, -1.5f, 2.5f, -2.5f, 0.55f, 0.54999995f, 0.70710677f, 0.70710683f,
        -87.33654f, -87.336548f, -86.98997f, 88.72283f, 88.722839f, -87.3f, -87.4f, 88.9f, 3.14159274f, 6.28318548f, 1.57079637f, 0.785398185f, 3200f, 3200.00024f, 1048576f,
        4194303.5f, 4194304.5f, 8388607.5f, -8388607.5f, 8388608f, 8388609f, 2147483648f, 4294967296f,
    ];

    [Theory]
    [InlineData(nameof(GpuMath.Exp))]
    [InlineData(nameof(GpuMath.Log))]
    [InlineData(nameof(GpuMath.Sin))]
    [InlineData(nameof(GpuMath.Cos))]
    [InlineData(nameof(GpuMath.Tanh))]
    [InlineData(nameof(GpuMath.Sqrt))]
    public void EveryMagnitude_WithinDocumentedBound(string name)
    {
        ElementaryFunction function = ElementaryFunctions.Of(name);
        IEnumerable<float> points = [.. _special, .. Strided(Stride)];
        ElementaryFunctions.Within(function.Bound, points.Select(x => (x, function.Function(x))), function.Exact, name);
    }

    [Theory]
    [InlineData(nameof(GpuMath.Exp))]
    [InlineData(nameof(GpuMath.Log))]
    [InlineData(nameof(GpuMath.Sin))]
    [InlineData(nameof(GpuMath.Cos))]
    [InlineData(nameof(GpuMath.Tanh))]
    public void UsualMagnitudes_WithinDocumentedBound(string name)
    {
        ElementaryFunction function = ElementaryFunctions.Of(name);
        IEnumerable<float> points = Enumerable.Range(-500_000, 1_000_001).Select(i => i * (function.Range / 500_000));
        ElementaryFunctions.Within(function.Bound, points.Select(x => (x, function.Function(x))), function.Exact, name);
    }

    // Neighbours of multiples of pi / 2, where nearly all of the argument cancels.
    [Fact]
    public void SineAndCosine_NextToTheirZeros_WithinDocumentedBound()
    {
        ElementaryFunction sin = ElementaryFunctions.Of(nameof(GpuMath.Sin)), cos = ElementaryFunctions.Of(nameof(GpuMath.Cos));
        float[] points =
        [
            .. Enumerable.Range(1, 667_544).Select(q => (float)(q * (Math.PI / 2))),

            // The float that comes nearest of all.
            MathF.ScaleB(16367173f, 72),
        ];
        ElementaryFunctions.Within(sin.Bound, points.Select(x => (x, GpuMath.Sin(x))), Math.Sin, nameof(GpuMath.Sin));
        ElementaryFunctions.Within(cos.Bound, points.Select(x => (x, GpuMath.Cos(x))), Math.Cos, nameof(GpuMath.Cos));
    }

    [Fact]
    public void Roundings_AreExact()
    {
        foreach (float x in _special.Concat(Strided(Stride)).Concat(Enumerable.Range(-4000, 8001).Select(i => i / 4f)))
        {
            Same(MathF.Floor(x), GpuMath.Floor(x), $"floor of {x:R}");
            Same(MathF.Ceiling(x), GpuMath.Ceiling(x), $"ceiling of {x:R}");
            Same(MathF.Truncate(x), GpuMath.Truncate(x), $"truncation of {x:R}");
            Same(MathF.Round(x), GpuMath.Round(x), $"rounding of {x:R}");
            Same(MathF.Abs(x), GpuMath.Abs(x), $"absolute value of {x:R}");
        }
    }

    [Fact]
    public void MinAndMax_OfEveryPair_AreExact()
    {
        foreach (float a in _special)
        {
            foreach (float b in _special)
            {
                Same(MathF.Min(a, b), GpuMath.Min(a, b), $"lesser of {a:R} and {b:R}");
                Same(MathF.Max(a, b), GpuMath.Max(a, b), $"greater of {a:R} and {b:R}");
            }
        }
    }

    [Fact]
    public void Zeros_KeepTheirSign()
    {
        foreach (float zero in new[] { 0f, -0f })
        {
            Same(zero, GpuMath.Sin(zero), "sine");
            Same(zero, GpuMath.Tanh(zero), "hyperbolic tangent");
            Same(zero, GpuMath.Sqrt(zero), "root");
            Same(1f, GpuMath.Cos(zero), "cosine");
            Same(1f, GpuMath.Exp(zero), "exponential");
            Same(float.NegativeInfinity, GpuMath.Log(zero), "logarithm");
        }

        Same(0f, GpuMath.Exp(float.NegativeInfinity), "exponential of minus infinity");
        Same(0f, GpuMath.Log(1f), "logarithm of one");
    }

    private static IEnumerable<float> Strided(uint stride)
    {
        for (ulong bits = 0; bits <= uint.MaxValue; bits += stride)
            yield return BitConverter.UInt32BitsToSingle((uint)bits);
    }

    private static void Same(float expected, float actual, string what) => Assert.True(
        (float.IsNaN(expected) && float.IsNaN(actual)) || BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual),
        $"{what}: {expected:R} expected, {actual:R} found");
}
