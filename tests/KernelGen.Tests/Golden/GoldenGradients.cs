using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>The gradients that a file has, whatever its system: the loss is &lt;out, d_out&gt;, and the final states' share where their gradients are given.</summary>
internal static class GoldenGradients
{
    private static readonly (string Name, string Of, Func<GradientResult, double[]> Computed)[] s_all =
    [
        ("dq", "q", r => r.Queries),
        ("dk", "k", r => r.Keys),
        ("dv", "v", r => r.Values),
        ("d_initial_state", "initial_state", r => r.State),
        ("d_initial_z", "initial_z", r => r.Normalizer),
        ("dslopes", "slopes", r => r.Slopes),
        ("dg", "g", r => r.LogGates),
    ];

    /// <summary>The backward call of a case: upstream gradients have the shapes of what they belong to.</summary>
    public static GradientProblem Problem(GoldenCase golden, AttentionProblem forward) => new(
        forward, Upstream(golden, "d_out", "out"), Upstream(golden, "d_final_state", "final_state"), Upstream(golden, "d_final_z", "final_z"));

    /// <summary>Every gradient of the file, shaped like what it is the gradient of.</summary>
    public static IReadOnlyList<ExpectedArray<GradientResult>> Of(GoldenCase golden)
    {
        var gradients = s_all.Where(g => golden.Find(g.Name) is not null)
            .Select(g => new ExpectedArray<GradientResult>(g.Name, Like(golden, g.Name, g.Of), g.Computed)).ToArray();
        if (gradients.Length > 0 && golden.Find("d_out") is null)
            throw new UnmappableCaseException("it has gradients and no d_out that they come from");
        return gradients;
    }

    private static double[] Upstream(GoldenCase golden, string name, string of) => golden.Find(name) is null ? [] : Like(golden, name, of);

    private static double[] Like(GoldenCase golden, string name, string of)
    {
        GoldenArray shaped = golden.Find(of) ?? throw new UnmappableCaseException($"it has {name} and no {of}");
        return golden.Values(name, shaped.Shape);
    }
}
