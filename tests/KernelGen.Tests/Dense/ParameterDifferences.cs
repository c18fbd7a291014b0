namespace KernelGen.Tests.Dense;

/// <summary>Gradients against central differences of a loss that reads a parameter where it lies.</summary>
internal static class ParameterDifferences
{
    private const double Step = 1e-5;

    /// <param name="parameter">Changed element by element, and put back.</param>
    /// <param name="gradient">Of the loss, shaped like it.</param>
    /// <param name="loss">Computes the loss from what the parameter is.</param>
    /// <param name="elements">About how many elements are tried, evenly spread, the first among them.</param>
    public static void Check(double[] parameter, double[] gradient, Func<double> loss, int elements)
    {
        for (int i = 0; i < parameter.Length; i += 1 + (parameter.Length / elements))
        {
            double before = parameter[i];
            parameter[i] = before + Step;
            double above = loss();
            parameter[i] = before - Step;
            double below = loss();
            parameter[i] = before;
            Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-6 * Math.Max(1, Math.Abs(gradient[i])));
        }
    }
}
