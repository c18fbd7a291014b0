using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>
/// Cases of Hedgehog's learned features. LoLCATs has weights [H, D, F] and one bias a head, fla and the paper's form one Linear(D, D) for all heads, [F, D], with a bias [F].
/// </summary>
internal static class HedgehogCases
{
    public static MappedCase? Map(GoldenCase golden)
    {
        string op = golden.Text("op");

        // No declaration has these forms yet: the hybrid with a window of softmax, and the distillation losses.
        if (golden.Find("window_factors") is not null || golden.Find("loss_xent") is not null)
            return null;
        golden.RequireOnly("q", "k", "v", "w_q", "w_k", "b_q", "b_k", "out", "k_state", "kv_state", "d_out", "dq", "dk", "dv", "dw_q", "dw_k", "db_q", "db_k");
        bool isShared = op is "fla_hedgehog" or "paper_exp", hasBias = golden.Find("b_q") is not null;
        if (!isShared && op != "feature_map_linear_attention")
            throw new UnmappableCaseException($"op {op} is unknown");
        int[] q = golden.Shape("q", 4), v = golden.Shape("v", 4);
        (int batch, int heads, int length, int headDim) = (q[0], q[1], q[2], q[3]);
        (int keyLength, int valueDim) = (v[2], v[3]);
        int rows = isShared ? golden.Shape("w_q", 2)[0] : golden.Shape("w_q", 3)[2], matrices = isShared ? 1 : heads;
        LearnedMap learned = Kind(golden, op, rows) with { Bias = hasBias };
        Declaration declaration = Declaration.OfLearned(headDim, valueDim, learned) with
        {
            Causal = golden.Flag("causal"),
            Epsilon = golden.Number("eps"),
            Scale = golden.OptionalNumber("scale_qk") ?? 1,
        };
        AttentionProblem problem = new()
        {
            Shape = new AttentionShape(batch, length, heads) { KeyLength = keyLength, Layout = TensorLayout.HeadFirst },
            HeadDim = headDim,
            FeatureDim = declaration.FeatureDim,
            ProjectedDim = rows,
            ValueDim = valueDim,
            Q = golden.Values("q", batch, heads, length, headDim),
            K = golden.Values("k", batch, heads, keyLength, headDim),
            V = golden.Values("v", batch, heads, keyLength, valueDim),
            Projection = Rows("w_q"),
            ProjectionBias = Bias("b_q"),
            KeyProjection = Rows("w_k"),
            KeyProjectionBias = Bias("b_k"),
            WantsFinalState = golden.Find("kv_state") is not null,
        };
        List<ExpectedArray<AttentionResult>> outputs = [new("out", golden.Values("out", batch, heads, length, valueDim), r => r.Output)];
        if (problem.WantsFinalState)
        {
            outputs.Add(new("kv_state", golden.Values("kv_state", batch, heads, problem.FeatureDim, valueDim), r => r.FinalState));
            outputs.Add(new("k_state", golden.Values("k_state", batch, heads, 1, problem.FeatureDim), r => r.FinalNormalizer));
        }

        List<ExpectedArray<GradientResult>> gradients =
        [
            .. GoldenGradients.Of(golden),
            new("dw_q", Rows("dw_q"), r => r.Projection),
            new("dw_k", Rows("dw_k"), r => r.KeyProjection),
        ];
        if (hasBias)
        {
            gradients.Add(new("db_q", golden.Find("db_q")!.Values, r => OfBias(r.ProjectionBias)));
            gradients.Add(new("db_k", golden.Find("db_k")!.Values, r => OfBias(r.KeyProjectionBias)));
        }

        return new MappedCase(golden.Name, [new MappedRun(declaration, GoldenGradients.Problem(golden, problem))], outputs, gradients);

        // [H, F, D]; a Linear's weight is that already.
        double[] Rows(string name)
        {
            if (isShared)
                return golden.Values(name, rows, headDim);
            double[] weights = golden.Values(name, heads, headDim, rows);
            return [.. Enumerable.Range(0, weights.Length).Select(i => weights[(((i / (rows * headDim) * headDim) + (i % headDim)) * rows) + (i / headDim % rows)])];
        }

        double[] Bias(string name) => !hasBias ? [] : isShared ? golden.Values(name, rows) : [.. golden.Values(name, 1, heads, 1, 1).SelectMany(b => Enumerable.Repeat(b, rows))];

        // One number a head is added to all of its features.
        double[] OfBias(double[] gradient) => isShared ? gradient : [.. Enumerable.Range(0, matrices).Select(h => gradient.Skip(h * rows).Take(rows).Sum())];
    }

    private static LearnedMap Kind(GoldenCase golden, string op, int rows)
    {
        string map = golden.Text("feature_map");
        return (op, map) switch
        {
            ("fla_hedgehog", "joint softmax over cat(2z,-2z)") => new LearnedMap(LearnedKind.JointSoftmax, rows) { Floor = 0 },
            ("paper_exp", "cat(exp(z),exp(-z))") => new LearnedMap(LearnedKind.Exponential, rows) { Floor = 0 },
            ("feature_map_linear_attention", "softmax_dim" or "exp_dim") => new LearnedMap(map == "softmax_dim" ? LearnedKind.Softmax : LearnedKind.ShiftedExponential, rows)
            {
                HalfSpace = !golden.Flag("fullspace"),
                Floor = golden.Number("clamp_min"),
            },
            _ => throw new UnmappableCaseException($"feature_map {map} is unknown"),
        };
    }
}
