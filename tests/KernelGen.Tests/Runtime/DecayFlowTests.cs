using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

public class DecayFlowTests
{
    [Fact]
    public void SlopeGradient_Flows_IsTheSumOverPositions()
    {
        double[] queries = [0.5, -2, 3, 1.25, 4], keys = [1, 0.25, -3, 2, 0.5];
        const double initial = 1.5;
        double final = initial + keys.Sum() - queries.Sum();
        double logarithm = initial + ((queries.Length - 1) * final);
        for (int t = 0; t < queries.Length; t++)
            logarithm += t * (queries[t] - keys[t]);

        Assert.Equal(-logarithm, DecayFlow.SlopeGradient(initial, in queries[0], in keys[0], queries.Length), 1e-13);
    }

    [Fact]
    public void SlopeGradient_NoTokens_IsZero()
    {
        double nothing = double.NaN;

        Assert.Equal(0, DecayFlow.SlopeGradient(3, in nothing, in nothing, 0));
    }

    [Fact]
    public void GateGradients_Flows_AreWhatCrossesEachStep()
    {
        double[] queries = [0.5, -2, 3], keys = [1, 0.25, -3], gates = [-1, 7, -105, 7, -104, 7], gradients = [9, 9, 9, 9, 9, 9];

        DecayFlow.GateGradients(1.5, in queries[0], in keys[0], 3, in gates[0], ref gradients[0], 2, isConvex: false);

        // The second gate is below -104: the kernels' is a constant there.
        Assert.Equal([1.5, 9, 0, 9, 4.25, 9], gradients);
    }
}
