using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>
/// Cases of Random Feature Attention. Its learned widths sigma scale the columns of fixed matrices w: the projection is their product, and their gradient follows from its. Gates are given as
/// logits, a declaration's are logarithms: d/dlogit = (1 - gate) d/dlog(gate).
/// </summary>
internal static class RfaCases
{
    public static MappedCase Map(GoldenCase golden)
    {
        golden.RequireOnly("q", "k", "v", "w", "sigma", "gate", "gate_logit", "key_lengths", "out", "state_s", "state_z", "d_out", "dq", "dk", "dv", "dsigma", "dgate_logit");
        bool causal = golden.Flag("causal");
        int[] q = golden.Shape("q", 4), v = golden.Shape("v", 4);
        (int batch, int heads, int length, int headDim) = (q[0], q[1], q[2], q[3]);
        (int keyLength, int valueDim, int rows) = (v[2], v[3], (int)golden.Number("proj_dim"));
        double[] w = golden.Values("w", heads, rows, headDim), sigma = golden.Values("sigma", heads, 1, headDim);
        double[] gates = golden.Find("gate") is null ? [] : golden.Values("gate", batch, heads, length);
        Declaration declaration = Declared(golden, headDim, valueDim, rows) with { Causal = causal };
        if ((gates.Length > 0) != declaration.IsGated)
            throw new UnmappableCaseException($"variant {golden.Text("variant")} does not go with its gates");
        int features = declaration.FeatureDim;
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
            Projection = [.. w.Select((x, i) => x * sigma[Sigma(i)])],
            LogGates = Array.ConvertAll(gates, Math.Log),
            KeyMask = LinearTransformerCases.KeyMask(golden, batch, keyLength),
            WantsFinalState = golden.Find("state_s") is not null,
        };
        List<ExpectedArray<AttentionResult>> outputs = [new("out", golden.Values("out", batch, heads, length, valueDim), r => r.Output)];
        if (problem.WantsFinalState)
        {
            outputs.Add(new("state_s", golden.Values("state_s", batch, heads, features, valueDim), r => r.FinalState));
            outputs.Add(new("state_z", golden.Values("state_z", batch, heads, features), r => r.FinalNormalizer));
        }

        List<ExpectedArray<GradientResult>> gradients = [.. GoldenGradients.Of(golden), new("dsigma", golden.Values("dsigma", heads, 1, headDim), OfSigma)];
        if (gates.Length > 0)
            gradients.Add(new("dgate_logit", golden.Values("dgate_logit", batch, heads, length), r => [.. r.LogGates.Select((d, i) => d * (1 - gates[i]))]));
        return new MappedCase(golden.Name, [new MappedRun(declaration, GoldenGradients.Problem(golden, problem))], outputs, gradients);

        int Sigma(int element) => (element / (rows * headDim) * headDim) + (element % headDim);

        double[] OfSigma(GradientResult result)
        {
            double[] sums = new double[sigma.Length];
            for (int i = 0; i < w.Length; i++)
                sums[Sigma(i)] += result.Projection[i] * w[i];
            return sums;
        }
    }

    private static Declaration Declared(GoldenCase golden, int headDim, int valueDim, int rows)
    {
        string variant = golden.Text("variant"), unit = golden.Text("l2norm");
        if (unit != "x/(||x||+1e-3)")
            throw new UnmappableCaseException($"l2norm {unit} is unknown");
        bool isArcCosine = variant == "rfa-arccos";
        double scale = golden.Number("feature_scale");
        if (Math.Abs(scale - (isArcCosine ? Math.Pow(rows, -0.5) : 0.1)) > 1e-15)
            throw new UnmappableCaseException($"feature_scale {scale} is not the published one");
        Decay decay = variant switch
        {
            "rfa" or "rfa-arccos" => Decay.None,
            "rfa-gate" => Decay.Convex,
            "rfa-gate-decay" => Decay.PerToken,
            _ => throw new UnmappableCaseException($"variant {variant} is unknown"),
        };
        string rule = golden.Text("denominator_rule");
        return Declaration.OfLearned(headDim, valueDim, new LearnedMap(isArcCosine ? LearnedKind.ArcCosine : LearnedKind.Gaussian, rows) { Temperature = golden.Number("tau") }) with
        {
            Decay = decay,
            Epsilon = golden.Number("denominator_eps"),
            EpsilonRule = rule switch
            {
                "den = max(phi_q.z, eps)" or "den = max(phi_q.z, eps); d(den)=0 where den<=eps" => EpsilonRule.Floor,
                "den = max(|phi_q.z|, eps)" or "den = max(|sum_s w_ts|, 1e-3)" => EpsilonRule.AbsoluteFloor,
                _ => throw new UnmappableCaseException($"denominator_rule {rule} is unknown"),
            },
        };
    }
}
