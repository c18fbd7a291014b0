using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>Root mean square of the difference over that of the reference: what computed tensors are judged by.</summary>
internal static class RelativeError
{
    /// <summary>NaN where anything is NaN, which no tolerance admits. A reference of zeros has to be met exactly.</summary>
    public static double Rms(ReadOnlySpan<double> actual, ReadOnlySpan<double> reference)
    {
        Assert.Equal(reference.Length, actual.Length);
        double difference = 0, size = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            difference += (actual[i] - reference[i]) * (actual[i] - reference[i]);
            size += reference[i] * reference[i];
        }

        return difference == 0 ? 0 : Math.Sqrt(difference / size);
    }

    public static void AssertAtMost(double tolerance, AttentionResult expected, AttentionResult actual, string context)
    {
        Check(expected.Output, actual.Output, "output");
        Check(expected.FinalState, actual.FinalState, "final state");
        Check(expected.FinalNormalizer, actual.FinalNormalizer, "final normaliser");

        void Check(double[] reference, double[] values, string what)
        {
            double error = Rms(values, reference);
            Assert.True(error <= tolerance, FormattableString.Invariant($"{what} is off by {error:E2}, at most {tolerance:E0} is allowed: {context}"));
        }
    }
}
