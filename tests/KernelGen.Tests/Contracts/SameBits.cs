using System.Globalization;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Contracts;

/// <summary>Equality to the bit, signs of zeros included. (Double precision holds the bits of a float one to one.)</summary>
internal static class SameBits
{
    public static void Check(AttentionResult expected, AttentionResult actual, string context)
    {
        Check(expected.Output, actual.Output, "output, " + context);
        Check(expected.FinalState, actual.FinalState, "final state, " + context);
        Check(expected.FinalNormalizer, actual.FinalNormalizer, "final normaliser, " + context);
    }

    public static void Check(GradientResult expected, GradientResult actual, string context)
    {
        foreach (((string name, double[] values), (_, double[] others)) in expected.Parts.Zip(actual.Parts))
            Check(values, others, $"{name}, {context}");
    }

    public static void Check(BackwardResult expected, BackwardResult actual, string context)
    {
        foreach (((string name, double[] reference), (_, double[] values)) in expected.Arrays.Zip(actual.Arrays))
            Check(reference, values, $"{name}, {context}");
    }

    public static void Check(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, string context)
    {
        Assert.True(expected.Length == actual.Length, $"{context}: {actual.Length} elements, expected {expected.Length}");
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.False(double.IsNaN(actual[i]), $"{context}: NaN at {i}");
            if (BitConverter.DoubleToInt64Bits(expected[i]) != BitConverter.DoubleToInt64Bits(actual[i]))
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{context}: {actual[i]:R} at {i}, expected {expected[i]:R}"));
        }
    }
}
