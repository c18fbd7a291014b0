using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>Cases of flash-linear-attention's linear attention, which begins and ends with states that have gradients too; no map, keys and queries as they are.</summary>
internal static class FlaLinearCases
{
    public static MappedCase Map(GoldenCase golden)
    {
        if (!golden.Flag("causal"))
            throw new UnmappableCaseException("its recurrence is causal");
        golden.RequireOnly(
            "q", "k", "v", "initial_state", "initial_z", "out", "final_state", "final_z",
            "d_out", "d_final_state", "d_final_z", "dq", "dk", "dv", "d_initial_state", "d_initial_z");

        bool normalized = golden.Flag("normalize");
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
            InitialState = golden.Values("initial_state", batch, heads, headDim, valueDim),
            InitialNormalizer = normalized ? golden.Values("initial_z", batch, heads, headDim) : [],
            WantsFinalState = true,
        };
        List<ExpectedArray<AttentionResult>> outputs =
        [
            new("out", golden.Values("out", batch, heads, length, valueDim), r => r.Output),
            new("final_state", golden.Values("final_state", batch, heads, headDim, valueDim), r => r.FinalState),
        ];
        if (normalized)
            outputs.Add(new("final_z", golden.Values("final_z", batch, heads, headDim), r => r.FinalNormalizer));

        // No declaration normalises by weights that can be negative; those of the case are not, and its map can say so.
        if (normalized && problem.Q.Concat(problem.K).Any(x => x <= 0))
            throw new UnmappableCaseException("it is normalised, and has queries or keys that are not positive");
        Declaration declaration = new()
        {
            HeadDim = headDim,
            ValueDim = valueDim,
            Map = normalized ? PhiMap.PositivePart : PhiMap.Identity,
            Scale = golden.Number("scale"),
            Epsilon = normalized ? golden.Number("eps") : null,
        };
        return new MappedCase(golden.Name, [new MappedRun(declaration, GoldenGradients.Problem(golden, problem))], outputs, GoldenGradients.Of(golden));
    }
}
