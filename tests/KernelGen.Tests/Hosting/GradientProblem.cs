namespace KernelGen.Tests.Hosting;

/// <summary>A call of the backward pass: a call of the forward pass, and what the loss thinks of its results.</summary>
/// <param name="Call">The inputs; the initial state is part of them, and the final state is asked for where it has a gradient.</param>
/// <param name="Output">dO, as the outputs are laid out.</param>
/// <param name="FinalState">Gradient of the final state, or empty.</param>
/// <param name="FinalNormalizer">Gradient of the final normaliser, or empty.</param>
internal sealed record GradientProblem(AttentionProblem Call, double[] Output, double[] FinalState, double[] FinalNormalizer)
{
    public static GradientProblem Of(AttentionProblem call, bool isNormalized, Func<int, double[]> random)
    {
        int rows = call.WantsFinalState ? call.Sequences * call.Shape.Heads * call.FeatureDim : 0;
        return new GradientProblem(call, random(call.OutputLength), random(rows * call.ValueDim), random(isNormalized ? rows : 0));
    }
}

/// <summary>Gradients of a call's inputs, as those are laid out; of states, the initial ones of every sequence and query head.</summary>
internal sealed record GradientResult(double[] Queries, double[] Keys, double[] Values, double[] State, double[] Normalizer)
{
    /// <summary>phi(q).dphi(q) by query head and query token, where a decay has a gradient; phi(k).dphi(k) by query head and key token.</summary>
    public double[] QueryFlow { get; init; } = [];

    public double[] KeyFlow { get; init; } = [];

    /// <summary>Gradients of the slopes that the call brought, summed over its sequences.</summary>
    public double[] Slopes { get; init; } = [];

    /// <summary>Gradients of the log gates, as those are laid out.</summary>
    public double[] LogGates { get; init; } = [];

    /// <summary>Gradients of learned projections and their biases, as those are laid out.</summary>
    public double[] Projection { get; init; } = [];

    public double[] ProjectionBias { get; init; } = [];

    public double[] KeyProjection { get; init; } = [];

    public double[] KeyProjectionBias { get; init; } = [];

    /// <summary>What belongs to one sequence: no sums over several.</summary>
    public GradientResult OfTokens => this with { Slopes = [], Projection = [], ProjectionBias = [], KeyProjection = [], KeyProjectionBias = [] };

    /// <summary>What the phases compute: slopes and gates are the library's work.</summary>
    public GradientResult OfPhases => this with { Slopes = [], LogGates = [] };

    /// <summary>What a call computes: no flows, and gradients of the initial state only where it has one.</summary>
    public GradientResult OfCall(AttentionProblem call) => this with
    {
        State = call.InitialState.Length > 0 ? State : [],
        Normalizer = call.InitialNormalizer.Length > 0 ? Normalizer : [],
        QueryFlow = [],
        KeyFlow = [],
    };

    public static GradientResult Zero(Declaration declaration, AttentionProblem call)
    {
        int rows = call.Sequences * call.Shape.Heads * call.FeatureDim;
        bool flows = declaration.Decay == Decay.PerHead || declaration.IsGated, learns = declaration.Learned is not null;
        return new GradientResult(
            new double[call.Q.Length], new double[call.K.Length], new double[call.V.Length], new double[rows * call.ValueDim], new double[declaration.IsNormalized ? rows : 0])
        {
            QueryFlow = new double[flows ? call.Shape.Batch * call.Shape.Heads * call.Shape.Length : 0],
            KeyFlow = new double[flows ? call.Shape.Batch * call.Shape.Heads * call.KeyLength : 0],
            Projection = new double[learns ? call.Projection.Length : 0],
            ProjectionBias = new double[call.ProjectionBias.Length],
            KeyProjection = new double[call.KeyProjection.Length],
            KeyProjectionBias = new double[call.KeyProjectionBias.Length],
        };
    }

    /// <summary>
    /// The tensors, by name. Both flows are one: a decay's gradient is their difference, and where outputs are normalised those of queries cancel but for eps.
    /// </summary>
    public IEnumerable<(string Name, double[] Values)> Parts =>
        [("dq", Queries), ("dk", Keys), ("dv", Values), ("dS", State), ("dz", Normalizer), ("flow", [.. QueryFlow, .. KeyFlow]), ("dslopes", Slopes), ("dg", LogGates), ("dP", Projection), ("db", ProjectionBias), ("dPk", KeyProjection), ("dbk", KeyProjectionBias)];

    /// <summary>Where a head's flow begins.</summary>
    public static int Flow(AttentionProblem call, int batch, int head, int tokens) => ((batch * call.Shape.Heads) + head) * tokens;
}
