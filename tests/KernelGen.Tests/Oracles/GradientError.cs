using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>Relative error of gradients, tensor by tensor.</summary>
internal static class GradientError
{
    public static void AssertAtMost(double tolerance, GradientResult expected, GradientResult actual, string context)
    {
        foreach (((string name, double[] reference), (_, double[] values)) in expected.Parts.Zip(actual.Parts))
        {
            double error = RelativeError.Rms(values, reference);
            Assert.True(error <= tolerance, FormattableString.Invariant($"{name} is off by {error:E2}, at most {tolerance:E0} is allowed: {context}"));
        }
    }
}
