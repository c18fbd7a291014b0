namespace KernelGen.Tests.Golden;

/// <summary>max |a - reference| / max(1, max |reference|): what golden arrays are compared by.</summary>
internal static class ScaledError
{
    /// <summary>NaN where anything is NaN, which no tolerance admits.</summary>
    public static double Of(ReadOnlySpan<double> actual, ReadOnlySpan<double> reference)
    {
        Assert.Equal(reference.Length, actual.Length);
        double difference = 0, scale = 1;
        for (int i = 0; i < actual.Length; i++)
        {
            // Math.Max hands NaN on.
            difference = Math.Max(difference, Math.Abs(actual[i] - reference[i]));
            scale = Math.Max(scale, Math.Abs(reference[i]));
        }

        return difference / scale;
    }

    public static double Tolerance(DType type) => type == DType.Float64 ? 1e-11 : 1e-5;

    public static double GradientTolerance(DType type) => type == DType.Float64 ? 1e-11 : 1e-4;
}
