using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>Gradients of the reference against differences of <see cref="NaiveReference"/>.</summary>
public class NaiveGradientTests
{
    public static TheoryData<string> Variants => [.. OracleVariants.All.Where(d => d.ChunkSize == 16).Select(d => d.ToString())];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Run_AnyCall_AgreesWithDifferences(string variant)
    {
        Declaration declaration = OracleVariants.All.Single(d => d.ToString() == variant);
        int seed = 0;
        foreach (GradientProblem problem in Problems(declaration))
            Check(declaration, problem, FormattableString.Invariant($"{variant}, problem {seed++}"));
    }

    private static IEnumerable<GradientProblem> Problems(Declaration declaration)
    {
        RandomProblem random = new(declaration, 5);
        yield return Of(random.Of(new AttentionShape(1, 5, 2) { KeyValueHeads = 1 }));
        yield return Of(random.WithMask(random.WithStates(random.Of(new AttentionShape(2, 4, 2) { Layout = TensorLayout.HeadFirst })), KeyPadding.Scattered));
        yield return Of(random.WithStates(random.Of(new AttentionShape(1, 7, 1)) with { CuSeqlens = [0, 3, 3, 7] }));
        if (!declaration.Causal)
            yield return Of(random.WithStates(random.Of(new AttentionShape(1, 2, 2) { KeyLength = 4 })));

        GradientProblem Of(AttentionProblem call) => GradientProblem.Of(call, declaration.IsNormalized, random.Normal);
    }

    private static void Check(Declaration declaration, GradientProblem gradients, string context)
    {
        AttentionProblem problem = gradients.Call;
        GradientResult result = NaiveGradient.Run(declaration, gradients).OfCall(problem);
        Compare("dq", result.Queries, problem.Q, x => problem with { Q = x });
        Compare("dk", result.Keys, problem.K, x => problem with { K = x });
        Compare("dv", result.Values, problem.V, x => problem with { V = x });
        Compare("d_initial_state", result.State, problem.InitialState, x => problem with { InitialState = x });
        Compare("d_initial_z", result.Normalizer, problem.InitialNormalizer, x => problem with { InitialNormalizer = x });
        Compare("dg", result.LogGates, problem.LogGates, x => problem with { LogGates = x });
        if (declaration.Learned is not null)
            Compare("dP", result.Projection, problem.Projection, x => problem with { Projection = x });
        Compare("db", result.ProjectionBias, problem.ProjectionBias, x => problem with { ProjectionBias = x });
        Compare("dPk", result.KeyProjection, problem.KeyProjection, x => problem with { KeyProjection = x });
        Compare("dbk", result.KeyProjectionBias, problem.KeyProjectionBias, x => problem with { KeyProjectionBias = x });
        Compare("dslopes", result.Slopes, problem.Slopes, x => problem with { Slopes = x });

        void Compare(string name, double[] gradient, double[] input, Func<double[], AttentionProblem> with)
        {
            Assert.Equal(input.Length, gradient.Length);
            double scale = gradient.Aggregate(1.0, (largest, x) => Math.Max(largest, Math.Abs(x)));
            for (int i = 0; i < input.Length; i++)
            {
                // A masked key or value is NaN, and nothing depends on it.
                double expected = double.IsNaN(input[i]) ? 0 : Difference(x => Loss(declaration, gradients, with(Replaced(input, i, x))), input[i]);
                Assert.True(Math.Abs(gradient[i] - expected) <= 1e-8 * scale, FormattableString.Invariant($"{name}[{i}] is {gradient[i]:R}, differences say {expected:R}: {context}"));
            }
        }
    }

    private static double Loss(Declaration declaration, GradientProblem gradients, AttentionProblem problem)
    {
        AttentionResult result = NaiveReference.Run(declaration, problem, gradients.Call);
        double loss = Dot(result.Output, gradients.Output);
        if (gradients.FinalState.Length > 0)
            loss += Dot(result.FinalState, gradients.FinalState) + Dot(result.FinalNormalizer, gradients.FinalNormalizer);
        return loss;
    }

    private static double Dot(double[] a, double[] b)
    {
        Assert.Equal(a.Length, b.Length);
        return a.Zip(b, (x, y) => x * y).Sum();
    }

    /// <summary>Central differences of two step lengths, extrapolated: the error is of fourth order.</summary>
    private static double Difference(Func<double, double> f, double x)
    {
        const double step = 1e-4;
        double near = (f(x + step) - f(x - step)) / (2 * step);
        double far = (f(x + (2 * step)) - f(x - (2 * step))) / (4 * step);
        return ((4 * near) - far) / 3;
    }

    private static double[] Replaced(double[] values, int index, double value)
    {
        double[] replaced = [.. values];
        replaced[index] = value;
        return replaced;
    }
}
