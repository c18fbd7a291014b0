using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>TransNormerLLM's attention: Lightning Attention with slopes that are scaled for a layer. What is wider than an attention is run by tests of its own.</summary>
internal static class TransNormerAttentionCases
{
    public static MappedCase? Map(GoldenCase golden)
    {
        if (golden.Text("op") != "lightning_attention_v1")
            return null;
        golden.RequireOnly("q", "k", "v", "slopes", "out", "d_out", "dq", "dk", "dv");
        int[] q = golden.Shape("q", 4), v = golden.Shape("v", 4);
        (int batch, int heads, int length, int headDim) = (q[0], q[1], q[2], q[3]);
        double[] slopes = golden.Values("slopes", heads), published = new double[heads];
        LightningSlopes.Fill(published, (int)golden.Number("layer_idx"), (int)golden.Number("num_layers"));
        Assert.True(ScaledError.Of(published, slopes) < 1e-15, "these are not the published slopes of the layer");
        AttentionProblem problem = new()
        {
            Shape = new AttentionShape(batch, length, heads) { Layout = TensorLayout.HeadFirst },
            HeadDim = headDim,
            ValueDim = v[3],
            Q = golden.Values("q", batch, heads, length, headDim),
            K = golden.Values("k", batch, heads, length, headDim),
            V = golden.Values("v", batch, heads, length, v[3]),
            Slopes = slopes,
        };
        MappedRun run = new(Declaration.Lightning(headDim, v[3], Decay.PerHead), GoldenGradients.Problem(golden, problem));
        return new MappedCase(golden.Name, [run], [new("out", golden.Values("out", batch, heads, length, v[3]), r => r.Output)], GoldenGradients.Of(golden));
    }
}
