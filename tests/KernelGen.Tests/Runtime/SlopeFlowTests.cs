using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

public class SlopeFlowTests
{
    [Fact]
    public void Gradient_Flows_IsTheSumOverPositions()
    {
        double[] queries = [0.5, -2, 3, 1.25, 4], keys = [1, 0.25, -3, 2, 0.5];
        const double initial = 1.5;
        double final = initial + keys.Sum() - queries.Sum();
        double logarithm = initial + ((queries.Length - 1) * final);
        for (int t = 0; t < queries.Length; t++)
            logarithm += t * (queries[t] - keys[t]);

        Assert.Equal(-logarithm, SlopeFlow.Gradient(initial, in queries[0], in keys[0], queries.Length), 1e-13);
    }

    [Fact]
    public void Gradient_NoTokens_IsZero()
    {
        double nothing = double.NaN;

        Assert.Equal(0, SlopeFlow.Gradient(3, in nothing, in nothing, 0));
    }
}
