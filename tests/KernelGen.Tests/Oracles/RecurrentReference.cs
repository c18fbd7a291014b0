using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>
/// Causal attention token by token, in double precision, for sequences too long to be taken pair by pair: S &lt;- lambda S + phi(k) v^T,
/// z &lt;- lambda z + phi(k), o = phi(q) S / (phi(q).z + eps). One sequence, one head, no mask, no state before it.
/// </summary>
internal static class RecurrentReference
{
    public static double[] Output(Declaration declaration, AttentionProblem problem)
    {
        Assert.True(declaration.Causal && problem.Shape is { Batch: 1, Heads: 1 } && problem.KeyMask.Length + problem.InitialState.Length == 0);
        (int d, int e) = (problem.HeadDim, problem.ValueDim);
        double[] slopes = PublishedSlopes.Of(declaration, problem);
        double lambda = slopes.Length == 0 ? 1 : Math.Exp(-slopes[0]);
        double[] state = new double[d * e], normalizer = new double[d], output = new double[problem.Shape.Length * e];
        for (int t = 0; t < problem.Shape.Length; t++)
        {
            Span<double> row = output.AsSpan(t * e, e);
            double denominator = 0;
            for (int i = 0; i < d; i++)
            {
                double query = declaration.Scale * declaration.Map.Value(problem.Q[(t * d) + i]);
                double key = declaration.Map.Value(problem.K[(t * d) + i]);
                normalizer[i] = (lambda * normalizer[i]) + key;
                denominator += query * normalizer[i];
                for (int j = 0; j < e; j++)
                {
                    ref double s = ref state[(i * e) + j];
                    s = (lambda * s) + (key * problem.V[(t * e) + j]);
                    row[j] += query * s;
                }
            }

            for (int j = 0; j < e && declaration.Epsilon is not null; j++)
                row[j] /= denominator + declaration.Epsilon.Value;
        }

        return output;
    }
}
