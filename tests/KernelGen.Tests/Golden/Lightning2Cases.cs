using System.Globalization;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>
/// Cases of Lightning Attention-2. Slopes in the file are given to the call; where they are the published ones, without layer scaling, the
/// declaration that computes them itself must reproduce the case too.
/// </summary>
internal static class Lightning2Cases
{
    public static MappedCase Map(GoldenCase golden)
    {
        if (!golden.Flag("causal") || golden.Flag("normalise"))
            throw new UnmappableCaseException("Lightning Attention is causal and not normalised");
        golden.RequireOnly("q", "k", "v", "slopes", "out", "state_last", "d_out", "dq", "dk", "dv", "dslopes");

        int[] q = golden.Shape("q", 4), v = golden.Shape("v", 4);
        (int batch, int heads, int length, int headDim) = (q[0], q[1], q[2], q[3]);
        int valueDim = v[3];
        double[] slopes = Slopes(golden, heads);
        AttentionProblem problem = new()
        {
            Shape = new AttentionShape(batch, length, heads) { Layout = TensorLayout.HeadFirst },
            HeadDim = headDim,
            ValueDim = valueDim,
            Q = golden.Values("q", batch, heads, length, headDim),
            K = golden.Values("k", batch, heads, length, headDim),
            V = golden.Values("v", batch, heads, length, valueDim),
            Slopes = slopes,
            WantsFinalState = golden.Find("state_last") is not null,
        };
        List<ExpectedArray<AttentionResult>> expected = [new("out", golden.Values("out", batch, heads, length, valueDim), r => r.Output)];
        if (problem.WantsFinalState)
            expected.Add(new("state_last", golden.Values("state_last", batch, heads, headDim, valueDim), r => r.FinalState));

        Decay decay = slopes.Length == 0 ? Decay.None : Decay.PerHead;
        Declaration declaration = Declaration.Lightning(headDim, valueDim, decay) with { Scale = golden.OptionalNumber("scale") ?? 1.0 };
        List<MappedRun> runs = [new(declaration, GoldenGradients.Problem(golden, problem))];
        if (golden.Text("slopes_source") == string.Create(CultureInfo.InvariantCulture, $"build_slope_tensor({heads})"))
            runs.Add(new(declaration with { Decay = Decay.LightningSlopes }, GoldenGradients.Problem(golden, problem with { Slopes = [] })));
        return new MappedCase(golden.Name, runs, expected, GoldenGradients.Of(golden));
    }

    private static double[] Slopes(GoldenCase golden, int heads)
    {
        string decay = golden.Text("decay");
        return decay switch
        {
            "none" => golden.Find("slopes") is null ? [] : throw new UnmappableCaseException("it has slopes, and decay none"),
            "per-head exp(-slope*(i-j))" => golden.Values("slopes", heads),
            _ => throw new UnmappableCaseException($"decay {decay} is unknown"),
        };
    }
}
