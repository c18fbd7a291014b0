using ILGPU;

namespace KernelGen.Gpu.Tests.Elementary;

/// <summary>A function of one number that is rounded.</summary>
/// <param name="Function">As C# executes it: nothing fused.</param>
/// <param name="Kernel">The same for each element.</param>
/// <param name="Exact">In double.</param>
/// <param name="Range">Arguments between minus and plus this matter most.</param>
/// <param name="Bound">Ulps where sums are not fused.</param>
/// <param name="FusedBound">Ulps where they are.</param>
internal sealed record ElementaryFunction(Func<float, float> Function, Delegate Kernel, Func<double, double> Exact, float Range, double Bound, double FusedBound);

/// <summary>The functions, as kernels, and their documented bounds.</summary>
internal static class ElementaryFunctions
{
    public static ElementaryFunction Of(string name) => name switch
    {
        nameof(GpuMath.Exp) => new(GpuMath.Exp, Exp, x => Math.Exp(x) < Math.ScaleB(1, -126) ? 0 : Math.Exp(x), 90, 1.2, 1),
        nameof(GpuMath.Log) => new(GpuMath.Log, Log, Math.Log, 4, 0.9, 0.9),
        nameof(GpuMath.Sin) => new(GpuMath.Sin, Sin, Math.Sin, 4000, 1.5, 1.3),
        nameof(GpuMath.Cos) => new(GpuMath.Cos, Cos, Math.Cos, 4000, 1.5, 1.3),
        nameof(GpuMath.Tanh) => new(GpuMath.Tanh, Tanh, Math.Tanh, 2, 1.6, 1.6),
        nameof(GpuMath.Sqrt) => new(GpuMath.Sqrt, Sqrt, Math.Sqrt, 4, 0.5, 0.5),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>Error in units of the spacing of floats at the exact result; infinite where one is NaN or infinite and the other is not.</summary>
    public static double Error(float actual, double exact)
    {
        float rounded = (float)exact;
        if (!float.IsFinite(actual) || !float.IsFinite(rounded))
            return actual.Equals(rounded) ? 0 : double.PositiveInfinity;
        return Math.Abs(actual - exact) / Math.ScaleB(1, Math.Max(exact == 0 ? int.MinValue : Math.ILogB(exact), -126) - 23);
    }

    /// <summary>Asserts a bound, and names the worst argument.</summary>
    public static void Within(double bound, IEnumerable<(float X, float Actual)> results, Func<double, double> exact, string what)
    {
        (double worst, float at, float found) = (0, 0, 0);
        foreach ((float x, float actual) in results)
        {
            double error = Error(actual, exact(x));
            if (error > worst)
                (worst, at, found) = (error, x, actual);
        }

        Assert.True(worst <= bound, $"{what}: worst {worst:F3} ulp, {bound} allowed, at {at:R}: {exact(at):R} expected, {found:R} found");
    }

    private static long Index => Group.IdxX + (Grid.IdxX * (long)Group.DimX);

    private static void Exp(ArrayView<float> x, ArrayView<float> results) => results[Index] = GpuMath.Exp(x[Index]);

    private static void Log(ArrayView<float> x, ArrayView<float> results) => results[Index] = GpuMath.Log(x[Index]);

    private static void Sin(ArrayView<float> x, ArrayView<float> results) => results[Index] = GpuMath.Sin(x[Index]);

    private static void Cos(ArrayView<float> x, ArrayView<float> results) => results[Index] = GpuMath.Cos(x[Index]);

    private static void Tanh(ArrayView<float> x, ArrayView<float> results) => results[Index] = GpuMath.Tanh(x[Index]);

    private static void Sqrt(ArrayView<float> x, ArrayView<float> results) => results[Index] = GpuMath.Sqrt(x[Index]);
}
