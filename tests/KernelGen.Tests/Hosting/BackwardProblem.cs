namespace KernelGen.Tests.Hosting;

/// <summary>
/// A backward call: the forward call's problem and the gradients that come from later. The initial state's gradient is asked for where there is
/// such a state, the slopes' where the call brings slopes.
/// </summary>
internal sealed record BackwardProblem(AttentionProblem Forward, double[] OutputGradient)
{
    public double[] FinalStateGradient { get; init; } = [];

    public double[] FinalNormalizerGradient { get; init; } = [];
}

/// <summary>What a backward call computes; what it was not asked for is empty.</summary>
internal sealed record BackwardResult(double[] Queries, double[] Keys, double[] Values, double[] InitialState, double[] InitialNormalizer, double[] Slopes)
{
    /// <summary>Every array by the name that golden files have.</summary>
    public IEnumerable<(string Name, double[] Values)> Arrays =>
    [
        ("dq", Queries),
        ("dk", Keys),
        ("dv", Values),
        ("d_initial_state", InitialState),
        ("d_initial_z", InitialNormalizer),
        ("dslopes", Slopes),
    ];
}
