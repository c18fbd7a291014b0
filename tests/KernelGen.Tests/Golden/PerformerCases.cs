using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>Cases of Performer: rows projected by the matrix of the file, and the rules of whoever computed them.</summary>
internal static class PerformerCases
{
    /// <summary>Forms that no declaration has yet: maxima with gradients, and softmax without a projection.</summary>
    private static readonly HashSet<string> s_others = ["jax_positive", "no_projection"];

    public static MappedCase? Map(GoldenCase golden)
    {
        string mode = golden.Text("mode");
        if (s_others.Contains(mode))
            return null;
        if (mode is not ("generalized" or "slim_favor+" or "favor+" or "jax_sincos"))
            throw new UnmappableCaseException($"mode {mode} is unknown");
        golden.RequireOnly("q", "k", "v", "proj", "proj_t", "out", "state_s", "state_z", "d_out", "dq", "dk", "dv");

        bool isGeneralized = mode == "generalized", isSlim = mode == "slim_favor+", causal = golden.Flag("causal");
        int[] q = golden.Shape("q", 4), v = golden.Shape("v", 4);
        (int batch, int heads, int length, int headDim) = (q[0], q[1], q[2], q[3]);
        (int keyLength, int valueDim, int rows) = (v[2], v[3], (int)golden.Number("nb_features"));
        RandomMap map = mode == "jax_sincos" ? Waves(golden, rows) : new(rows, isGeneralized, golden.Number("feature_eps"), golden.Flag("normalize_data"));
        int features = map.Width;
        AttentionProblem problem = new()
        {
            Shape = new AttentionShape(batch, length, heads) { KeyLength = keyLength, Layout = TensorLayout.HeadFirst },
            HeadDim = headDim,
            FeatureDim = features,
            ProjectedDim = rows,
            ValueDim = valueDim,
            Q = golden.Values("q", batch, heads, length, headDim),
            K = golden.Values("k", batch, heads, keyLength, headDim),
            V = golden.Values("v", batch, heads, keyLength, valueDim),
            Projection = !isSlim ? golden.Values("proj", rows, headDim) : Turned(golden.Values("proj_t", heads, headDim, rows), heads, headDim, rows),
            WantsFinalState = golden.Find("state_s") is not null,
        };
        List<ExpectedArray<AttentionResult>> outputs = [new("out", golden.Values("out", batch, heads, length, valueDim), r => r.Output)];
        if (problem.WantsFinalState)
        {
            outputs.Add(new("state_s", golden.Values("state_s", batch, heads, features, valueDim), r => r.FinalState));
            outputs.Add(new("state_z", golden.Values("state_z", batch, heads, features), r => r.FinalNormalizer));
        }

        if (isGeneralized && golden.Text("kernel_fn") != "relu")
            throw new UnmappableCaseException($"kernel_fn {golden.Text("kernel_fn")} is unknown");
        if (mode == "favor+")
            map = map with { ScalesFeatures = true, Stabilizer = Stabilizer.SequenceMaximum };
        Declaration declaration = Declaration.Performer(headDim, valueDim, map) with
        {
            Causal = causal,
            Epsilon = golden.Number("denominator_eps"),
            EpsilonRule = Rule(golden.Text("denominator_rule")),
        };
        return new MappedCase(golden.Name, [new MappedRun(declaration, GoldenGradients.Problem(golden, problem))], outputs, GoldenGradients.Of(golden));
    }

    /// <summary>The factor exp(h - max) of the file has a gradient through its maximum, which is zero wherever the guard of the denominators is not at work.</summary>
    private static RandomMap Waves(GoldenCase golden, int rows) => golden.Number("feature_eps") == 0 && golden.Flag("normalize_data")
        ? RandomMap.Pairs(PerformerKernel.Trigonometric, rows, Stabilizer.SequenceMaximum)
        : throw new UnmappableCaseException("its trigonometric features have an eps, or are of inputs as they are");

    private static EpsilonRule Rule(string rule) => rule switch
    {
        "den_t = phi_q_t . (sum_{s<=t} phi_k_s + eps*ones)" => EpsilonRule.Sums,
        "out = num/(den+eps)" or "den = phi_q . sum phi_k (no eps)" => EpsilonRule.Denominator,
        "R <- R + 2*eps*[|R|<=eps]; out = W/R" => EpsilonRule.Guard,
        _ => throw new UnmappableCaseException($"denominator_rule {rule} is unknown"),
    };

    /// <summary>[H, D, M] as [H, M, D].</summary>
    private static double[] Turned(double[] matrices, int heads, int rows, int columns)
    {
        double[] turned = new double[matrices.Length];
        for (int h = 0; h < heads; h++)
        {
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < columns; c++)
                    turned[(((h * columns) + c) * rows) + r] = matrices[(((h * rows) + r) * columns) + c];
            }
        }

        return turned;
    }
}
