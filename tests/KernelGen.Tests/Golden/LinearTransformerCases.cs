using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>Cases of the Linear Transformer: normalised, with or without causality, padding and keys of another length.</summary>
internal static class LinearTransformerCases
{
    public static MappedCase Map(GoldenCase golden)
    {
        string map = golden.Text("feature_map");
        string rule = golden.Text("eps_rule");
        if (rule != "out = num/(den+eps)")
            throw new UnmappableCaseException($"eps_rule {rule} is unknown");
        golden.RequireOnly("q", "k", "v", "omega", "key_lengths", "out", "state_s", "state_z", "d_out", "dq", "dk", "dv");

        bool causal = golden.Flag("causal");
        int[] q = golden.Shape("q", 4), v = golden.Shape("v", 4);
        (int batch, int heads, int length, int headDim) = (q[0], q[1], q[2], q[3]);
        (int keyLength, int valueDim) = (v[2], v[3]);
        if (causal && keyLength != length)
            throw new UnmappableCaseException($"it is causal, with {length} queries and {keyLength} keys");

        RandomMap? random = Random(golden, map, headDim);
        int features = random?.Width ?? headDim;
        AttentionProblem problem = new()
        {
            Shape = new AttentionShape(batch, length, heads) { KeyLength = keyLength, Layout = TensorLayout.HeadFirst },
            HeadDim = headDim,
            FeatureDim = features,
            ProjectedDim = random?.Features ?? headDim,
            Projection = random is null ? [] : Turned(golden.Values("omega", headDim, random.Features), headDim, random.Features),
            ValueDim = valueDim,
            Q = golden.Values("q", batch, heads, length, headDim),
            K = golden.Values("k", batch, heads, keyLength, headDim),
            V = golden.Values("v", batch, heads, keyLength, valueDim),
            KeyMask = KeyMask(golden, batch, keyLength),
            WantsFinalState = golden.Find("state_s") is not null,
        };
        List<ExpectedArray<AttentionResult>> expected = [new("out", golden.Values("out", batch, heads, length, valueDim), r => r.Output)];
        if (problem.WantsFinalState)
        {
            expected.Add(new("state_s", golden.Values("state_s", batch, heads, features, valueDim), r => r.FinalState));
            expected.Add(new("state_z", golden.Values("state_z", batch, heads, features), r => r.FinalNormalizer));
        }

        Declaration declaration = random is null ? new() { HeadDim = headDim, ValueDim = valueDim } : Declaration.Performer(headDim, valueDim, random);
        declaration = declaration with { Causal = causal, Epsilon = golden.Number("eps") };
        return new MappedCase(golden.Name, [new MappedRun(declaration, GoldenGradients.Problem(golden, problem))], expected, GoldenGradients.Of(golden));
    }

    /// <summary>The random features of a map; null where it has none.</summary>
    private static RandomMap? Random(GoldenCase golden, string map, int headDim)
    {
        if (map == "elu+1")
            return golden.Find("omega") is null ? null : throw new UnmappableCaseException("it has an omega, and elu+1");
        if (map is not ("rff" or "srff" or "favor" or "grf"))
            throw new UnmappableCaseException($"feature_map {map} is unknown");
        GoldenCase options = golden.Options();
        double temperature = options.Number("softmax_temp");
        int dims = (int)options.Number("n_dims");
        RandomMap random = map switch
        {
            "rff" => RandomMap.Pairs(PerformerKernel.RandomFourier, dims / 2),
            "srff" => RandomMap.Pairs(PerformerKernel.RandomFourier, dims / 2) with { Smoothing = options.Number("smoothing") },
            "favor" when !options.Flag("stabilize") => RandomMap.Pairs(PerformerKernel.PositivePair, dims / 2),
            "grf" => new RandomMap(dims, IsGeneralized: true, 0),
            _ => throw new UnmappableCaseException("its favor features are stabilised by a maximum with a gradient"),
        };
        return temperature == 1 ? random with { NormalizesInputs = false } : Math.Abs(temperature - Math.Pow(headDim, -0.5)) < 1e-15
            ? random
            : throw new UnmappableCaseException($"softmax_temp {temperature} is neither 1 nor 1 / sqrt(D)");
    }

    /// <summary>[D, M] as [M, D].</summary>
    private static double[] Turned(double[] matrix, int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => matrix[((i % rows) * columns) + (i / rows)])];

    /// <summary>Lengths as flags, one a key token: the first <c>key_lengths[b]</c> keys of a batch entry are real.</summary>
    public static bool[] KeyMask(GoldenCase golden, int batch, int keyLength)
    {
        if (golden.Find("key_lengths") is null)
            return [];
        double[] lengths = golden.Values("key_lengths", batch);
        if (lengths.Any(n => n < 0 || n > keyLength || n != Math.Floor(n)))
            throw new UnmappableCaseException($"key_lengths {string.Join(", ", lengths)} are not lengths of {keyLength} keys");
        return lengths.SelectMany(n => Enumerable.Range(0, keyLength).Select(s => s < n)).ToArray();
    }
}
