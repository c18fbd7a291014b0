namespace Quickstart;

/// <summary>Compares with the definition: o_t = sum over s &lt;= t of exp(-slope (t - s)) (phi(q_t).phi(k_s)) v_s, divided by the sum of the weights.</summary>
internal static class Accuracy
{
    /// <summary>Norm of the difference over norm of the result.</summary>
    public static double RelativeError(Attention attention, Tensors tensors)
    {
        attention.Forward(tensors.Q, tensors.K, tensors.V, tensors.O, tensors.Shape, default);
        double difference = 0, magnitude = 0;
        for (int h = 0; h < tensors.Shape.Heads; h++)
        {
            foreach ((int index, double expected) in Reference(attention, tensors, h))
            {
                difference += Math.Pow(tensors.O[index] - expected, 2);
                magnitude += expected * expected;
            }
        }

        return Math.Sqrt(difference / magnitude);
    }

    /// <summary>Elements of head <paramref name="h"/>'s output, in double, by the recurrence that the definition sums up to.</summary>
    private static IEnumerable<(int Index, double Value)> Reference(Attention attention, Tensors tensors, int h)
    {
        int dim = tensors.HeadDim;
        double decay = Math.Exp(-attention.Slope(h, tensors.Shape.Heads));
        double[] sums = new double[dim * dim];
        double[] weights = new double[dim];
        double[] output = new double[dim];
        for (int t = 0; t < tensors.Shape.Length; t++)
        {
            int row = ((t * tensors.Shape.Heads) + h) * dim;
            double total = attention.Normalized ? 1e-6 : 1;
            Array.Clear(output);
            for (int d = 0; d < dim; d++)
            {
                double query = attention.Map(tensors.Q[row + d]), key = attention.Map(tensors.K[row + d]);
                weights[d] = (decay * weights[d]) + key;
                if (attention.Normalized)
                    total += query * weights[d];
                for (int e = 0; e < dim; e++)
                {
                    ref double sum = ref sums[(d * dim) + e];
                    sum = (decay * sum) + (key * tensors.V[row + e]);
                    output[e] += query * sum;
                }
            }

            for (int e = 0; e < dim; e++)
                yield return (row + e, output[e] / total);
        }
    }
}
