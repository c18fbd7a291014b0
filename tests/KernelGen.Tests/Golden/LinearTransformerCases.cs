using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>Cases of the Linear Transformer: normalised, with or without causality, padding and keys of another length.</summary>
internal static class LinearTransformerCases
{
    /// <summary>Maps by random projections, which no declaration has yet.</summary>
    private static readonly HashSet<string> s_randomMaps = ["rff", "srff", "favor", "grf"];

    public static MappedCase? Map(GoldenCase golden)
    {
        string map = golden.Text("feature_map");
        if (s_randomMaps.Contains(map))
            return null;
        if (map != "elu+1")
            throw new UnmappableCaseException($"feature_map {map} is unknown");
        string rule = golden.Text("eps_rule");
        if (rule != "out = num/(den+eps)")
            throw new UnmappableCaseException($"eps_rule {rule} is unknown");
        golden.RequireOnly("q", "k", "v", "key_lengths", "out", "state_s", "state_z", "d_out", "dq", "dk", "dv");

        bool causal = golden.Flag("causal");
        int[] q = golden.Shape("q", 4), v = golden.Shape("v", 4);
        (int batch, int heads, int length, int headDim) = (q[0], q[1], q[2], q[3]);
        (int keyLength, int valueDim) = (v[2], v[3]);
        if (causal && keyLength != length)
            throw new UnmappableCaseException($"it is causal, with {length} queries and {keyLength} keys");

        AttentionProblem problem = new()
        {
            Shape = new AttentionShape(batch, length, heads) { KeyLength = keyLength, Layout = TensorLayout.HeadFirst },
            HeadDim = headDim,
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
            expected.Add(new("state_s", golden.Values("state_s", batch, heads, headDim, valueDim), r => r.FinalState));
            expected.Add(new("state_z", golden.Values("state_z", batch, heads, headDim), r => r.FinalNormalizer));
        }

        Declaration declaration = new() { HeadDim = headDim, ValueDim = valueDim, Causal = causal, Epsilon = golden.Number("eps") };
        return new MappedCase(golden.Name, [new MappedRun(declaration, GoldenGradients.Problem(golden, problem))], expected, GoldenGradients.Of(golden));
    }

    /// <summary>Lengths as flags, one a key token: the first <c>key_lengths[b]</c> keys of a batch entry are real.</summary>
    private static bool[] KeyMask(GoldenCase golden, int batch, int keyLength)
    {
        if (golden.Find("key_lengths") is null)
            return [];
        double[] lengths = golden.Values("key_lengths", batch);
        if (lengths.Any(n => n < 0 || n > keyLength || n != Math.Floor(n)))
            throw new UnmappableCaseException($"key_lengths {string.Join(", ", lengths)} are not lengths of {keyLength} keys");
        return lengths.SelectMany(n => Enumerable.Range(0, keyLength).Select(s => s < n)).ToArray();
    }
}
