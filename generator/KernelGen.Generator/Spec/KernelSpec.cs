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
    public int FeatureDim => KeyMap.OfType<FeatureStage.Projection>().SingleOrDefault()?.Columns ?? HeadDim;

    /// <summary>What keys are stabilised by.</summary>
    public Stabilizer KeyStabilizer => KeyMap.OfType<FeatureStage.Exponential>().SingleOrDefault()?.Stabilizer ?? Stabilizer.None;

    /// <summary>Whether a token's output needs nothing of later tokens, so that states can be continued.</summary>
    public bool Streams => Causal && KeyStabilizer != Stabilizer.Sequence;

    /// <summary>Whether calls bring a matrix that rows are projected by.</summary>
    public bool Projects => KeyMap.Any(stage => stage is FeatureStage.Projection);

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
}

/// <summary>What divides an output: the sum of its weights R plus <paramref name="Epsilon"/>, or, <paramref name="OfSums"/>, phi(q).(z + eps 1) = R + eps sum_m phi(q)_m.</summary>
internal sealed record Normalizer(double Epsilon, bool OfSums = false);

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

/// <summary>One stage of a feature map.</summary>
internal abstract record FeatureStage
{
    /// <summary>The stage as a reader would write it, as a function of what comes before it.</summary>
    public abstract string Text { get; }

    /// <summary>phi(x) = <paramref name="Map"/> with operand 0 = x, element by element. <paramref name="Text"/> is how a reader would write it.</summary>
    public sealed record Pointwise(Expr Map, string Text) : FeatureStage
    {
        public override string Text { get; } = Text;
    }

    /// <summary>u = <paramref name="Factor"/> x P^T with a matrix P [<paramref name="Columns"/>, D] that comes with the call. The first stage, where there is one.</summary>
    public sealed record Projection(int Columns, double Factor) : FeatureStage
    {
        public override string Text => $"u = {(Factor == 1.0 ? "" : NumberText.Of(Factor) + " ")}x P^T, {Columns.ToString(System.Globalization.CultureInfo.InvariantCulture)} columns";
    }

    /// <summary>phi = <paramref name="Ratio"/> (exp(u - |c x|^2 / 2 - <paramref name="Stabilizer"/>) + <paramref name="Epsilon"/>), c the projection's factor. Follows a projection.</summary>
    public sealed record Exponential(double Ratio, double Epsilon, Stabilizer Stabilizer) : FeatureStage
    {
        public override string Text => Epsilon == 0 ? Exp : $"{Exp} + {NumberText.Of(Ratio * Epsilon)}";

        private string Exp => $"{(Ratio == 1.0 ? "" : NumberText.Of(Ratio) + " ")}exp(u - |c x|^2 / 2{Stabilizer switch { Stabilizer.None => "", Stabilizer.Row => " - max_m u", Stabilizer.Running => " - running max(0, u)", _ => " - max(0, all u)" }})";
    }
}
