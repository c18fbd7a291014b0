using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>Cases of flash-linear-attention's simple gated linear attention: a log gate a token and head, no map, no normaliser, states that have gradients.</summary>
internal static class SimpleGlaCases
{
    public static MappedCase Map(GoldenCase golden)
    {
        if (!golden.Flag("causal") || golden.Flag("normalize"))
            throw new UnmappableCaseException("its recurrence is causal and not normalised");
        golden.RequireOnly("q", "k", "v", "g", "initial_state", "out", "final_state", "d_out", "d_final_state", "dq", "dk", "dv", "dg", "d_initial_state");

        int[] q = golden.Shape("q", 4), v = golden.Shape("v", 4);
        (int batch, int heads, int length, int headDim) = (q[0], q[1], q[2], q[3]);
        int valueDim = v[3];
        AttentionProblem problem = new()
        {
            Shape = new AttentionShape(batch, length, heads) { Layout = TensorLayout.HeadFirst },
            HeadDim = headDim,
            ValueDim = valueDim,
            Q = golden.Values("q", batch, heads, length, headDim),
            K = golden.Values("k", batch, heads, length, headDim),
            V = golden.Values("v", batch, heads, length, valueDim),
            LogGates = golden.Values("g", batch, heads, length),
            InitialState = golden.Find("initial_state") is null ? [] : golden.Values("initial_state", batch, heads, headDim, valueDim),
            WantsFinalState = true,
        };
        Declaration lightning = Declaration.Lightning(headDim, valueDim, Decay.PerToken) with { Scale = golden.Number("scale") };
        GradientProblem gradients = GoldenGradients.Problem(golden, problem);
        return new MappedCase(
            golden.Name,
            [new MappedRun(lightning, gradients), new MappedRun(lightning with { System = AttentionSystem.Linear }, gradients)],
            [
                new("out", golden.Values("out", batch, heads, length, valueDim), r => r.Output),
                new("final_state", golden.Values("final_state", batch, heads, headDim, valueDim), r => r.FinalState),
            ],
            GoldenGradients.Of(golden));
    }
}
