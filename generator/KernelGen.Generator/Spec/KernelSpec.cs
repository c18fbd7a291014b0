using KernelGen.Generator.Expressions;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Spec;

/// <summary>
/// One correct declaration, complete: everything the compiler needs, and nothing of the compilation. Equal specs give equal code, so
/// this is where the incremental pipeline stops.
/// </summary>
internal sealed record KernelSpec
{
    /// <summary>Where the generated members go.</summary>
    public required TypeIdentity Type { get; init; }

    /// <summary>Name of the table row, for headers and saved states: <c>linear_transformer</c>, <c>lightning2</c>.</summary>
    public required string System { get; init; }

    /// <summary>One line of mathematics for headers and docs, in plain text.</summary>
    public required string Equation { get; init; }

    /// <summary>Which plan builds the programs.</summary>
    public required PlanKind Plan { get; init; }

    public required int HeadDim { get; init; }

    public required int ValueDim { get; init; }

    public required bool Causal { get; init; }

    /// <summary>Tokens in a chunk; already chosen (<see cref="ChunkRule"/>) where the declaration left it to the rule.</summary>
    public required int ChunkSize { get; init; }

    /// <summary>Of states and arithmetic.</summary>
    public required ElementType ElementType { get; init; }

    /// <summary>How the caller's tensors are stored.</summary>
    public ElementStorage Storage { get; init; }

    /// <summary>Stages of the map of queries, applied in order; empty for the identity.</summary>
    public required EquatableArray<FeatureStage> QueryMap { get; init; }

    /// <summary>Stages of the map of keys.</summary>
    public required EquatableArray<FeatureStage> KeyMap { get; init; }

    /// <summary>Width M of a mapped row.</summary>
    public int FeatureDim => KeyMap.Count == 0 ? ProjectedDim : KeyMap[KeyMap.Count - 1].Width(ProjectedDim);

    /// <summary>Width of a row that the last stages map.</summary>
    public int ProjectedDim => Projection?.Columns ?? HeadDim;

    /// <summary>What keys are stabilised by.</summary>
    public Stabilizer KeyStabilizer => KeyMap.OfType<FeatureStage.Exponential>().SingleOrDefault()?.Stabilizer
        ?? KeyMap.OfType<FeatureStage.Branches>().SingleOrDefault()?.Stabilizer
        ?? Stabilizer.None;

    /// <summary>Whether a token's output needs nothing of later tokens, so that states can be continued.</summary>
    public bool Streams => Causal && KeyStabilizer != Stabilizer.Sequence;

    /// <summary>Whether calls bring a matrix that rows are projected by.</summary>
    public bool Projects => Projection is not null;

    /// <summary>How keys are projected; queries are likewise.</summary>
    public FeatureStage.Projection? Projection => KeyMap.OfType<FeatureStage.Projection>().SingleOrDefault();

    /// <summary>Whether the past fades by gates that come with the call.</summary>
    public bool IsGated => Decay is DecayKind.PerToken or DecayKind.Convex;

    /// <summary>Factor on every score, applied to mapped queries.</summary>
    public required double Scale { get; init; }

    /// <summary>Null where outputs are not normalised.</summary>
    public required Normalizer? Normalizer { get; init; }

    public required DecayKind Decay { get; init; }

    /// <summary>Whether the project references the GPU library, and gets kernels for it.</summary>
    public bool HasGpu { get; init; }

    /// <summary>Bit per level, as <c>KernelGen.InstructionSets</c>; Scalar's is always set.</summary>
    public required int InstructionSets { get; init; }
}

internal enum PlanKind
{
    KernelState,
}

internal enum ElementType
{
    Float32,
    Float64,
}

internal enum DecayKind
{
    None,

    /// <summary>Slopes come with the call.</summary>
    PerHead,

    /// <summary>Slopes by the published rule over the number of heads.</summary>
    LightningSlopes,

    /// <summary>A log gate for each token and head comes with the call.</summary>
    PerToken,

    /// <summary>The same, and what a token adds is weighed by one minus its gate.</summary>
    Convex,
}

/// <summary>What divides an output: the sum of its weights R, with an eps by some rule.</summary>
internal sealed record Normalizer(double Epsilon, EpsilonRule Rule = EpsilonRule.Denominator)
{
    /// <summary>Whether the eps belongs to the elements of z.</summary>
    public bool OfSums => Rule == EpsilonRule.Sums;

    /// <summary>The divisor as a reader would write it.</summary>
    /// <param name="sum">R.</param>
    public string Text(string sum)
    {
        string eps = NumberText.Of(Epsilon);
        return Rule switch
        {
            EpsilonRule.Denominator => $"({sum} + {eps})",
            EpsilonRule.Sums => $"({sum} + {eps} sum_m phi(q_t)_m)",
            EpsilonRule.Guard => $"(R + {NumberText.Of(2 * Epsilon)} [|R| <= {eps}]), R = {sum}",
            EpsilonRule.Floor => $"max({sum}, {eps})",
            _ => $"max(|{sum}|, {eps})",
        };
    }
}

/// <summary>As <c>KernelGen.EpsilonRule</c>.</summary>
internal enum EpsilonRule
{
    Denominator,
    Sums,
    Guard,
    Floor,
    AbsoluteFloor,
}

/// <summary>What is subtracted from exponents, so that they do not overflow. None has a gradient.</summary>
internal enum Stabilizer
{
    None,

    /// <summary>The greatest u of the row.</summary>
    Row,

    /// <summary>The greatest u of the rows so far, at least 0; what came before is scaled down when it rises.</summary>
    Running,

    /// <summary>The greatest u of the whole sequence, at least 0.</summary>
    Sequence,
}
