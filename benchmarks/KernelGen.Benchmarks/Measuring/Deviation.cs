namespace KernelGen.Benchmarks.Measuring;

/// <summary>Running sums of a relative root mean square error.</summary>
internal struct Deviation
{
    private double _difference;
    private double _magnitude;

    public readonly double RelativeRms => Math.Sqrt(_difference / _magnitude);

    public void Add(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            double error = actual[i] - expected[i];
            _difference += error * error;
            _magnitude += expected[i] * expected[i];
        }
    }
}
