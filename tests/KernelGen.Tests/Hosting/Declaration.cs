namespace KernelGen.Tests.Hosting;

/// <summary>
/// One declaration as a user would write it: everything that tells variants apart. A value, so that a batch compiles each only once and a
/// test finds its kernels by saying what it wants.
/// </summary>
public sealed record Declaration
{
    public AttentionSystem System { get; init; } = AttentionSystem.Linear;

    public required int HeadDim { get; init; }

    public required int ValueDim { get; init; }

    public bool Causal { get; init; } = true;

    public int ChunkSize { get; init; } = AttentionAttribute.Auto;

    public DType DType { get; init; } = DType.Float32;

    public PhiMap Map { get; init; } = PhiMap.EluPlusOne;

    public Decay Decay { get; init; } = Decay.None;

    /// <summary>Null where outputs are not normalised.</summary>
    public double? Epsilon { get; init; } = 1e-6;

    public double Scale { get; init; } = 1.0;

    /// <summary>What the eps does.</summary>
    public EpsilonRule EpsilonRule { get; init; }

    /// <summary>Random features, or null where rows are mapped as they are.</summary>
    public RandomMap? Random { get; init; }

    /// <summary>Learned features, or null.</summary>
    public LearnedMap? Learned { get; init; }

    /// <summary>M, width of a mapped row.</summary>
    public int FeatureDim => Random?.Width ?? Learned?.Width ?? HeadDim;

    /// <summary>Rows of the projection, where there is one.</summary>
    public int ProjectedDim => Random?.Features ?? Learned?.Features ?? HeadDim;

    /// <summary>Whether the past fades by gates of the call's.</summary>
    public bool IsGated => Decay is Decay.PerToken or Decay.Convex;

    /// <summary>Whether a sequence can be continued.</summary>
    public bool Streams => Causal && Random?.Stabilizer != Stabilizer.SequenceMaximum;

    /// <summary>Whether states exist as plain tensors.</summary>
    public bool HasPlainStates => Random is null or { Stabilizer: Stabilizer.None };

    public bool IsNormalized => Epsilon is not null;

    /// <summary>A number as the kernels will hold it.</summary>
    public double Rounded(double value) => DType switch
    {
        DType.Float32 => (float)value,
        DType.Float16 => (double)(Half)value,
        DType.BFloat16 => (float)(BFloat16)(float)value,
        _ => value,
    };

    /// <summary>Lightning Attention: no map, no normaliser.</summary>
    public static Declaration Lightning(int headDim, int valueDim, Decay decay) => new()
    {
        System = AttentionSystem.Lightning,
        HeadDim = headDim,
        ValueDim = valueDim,
        Map = PhiMap.Identity,
        Decay = decay,
        Epsilon = null,
    };

    /// <summary>Attention by random features.</summary>
    public static Declaration Performer(int headDim, int valueDim, RandomMap random) => new()
    {
        System = AttentionSystem.Performer,
        HeadDim = headDim,
        ValueDim = valueDim,
        Map = random.IsGeneralized ? PhiMap.PositivePart : PhiMap.Identity,
        Random = random,
    };

    /// <summary>Random Feature Attention, or Hedgehog.</summary>
    public static Declaration OfLearned(int headDim, int valueDim, LearnedMap learned) => new()
    {
        System = learned.IsRandomFeature ? AttentionSystem.RandomFeature : AttentionSystem.Hedgehog,
        HeadDim = headDim,
        ValueDim = valueDim,
        Map = PhiMap.Identity,
        Learned = learned,
        Epsilon = learned.IsRandomFeature ? 1 : 1e-12,
        EpsilonRule = learned.IsRandomFeature ? EpsilonRule.Floor : EpsilonRule.Denominator,
    };

    public override string ToString() => string.Join(
        ' ',
        System,
        FormattableString.Invariant($"D{HeadDim} E{ValueDim}"),
        Causal ? "causal" : "non-causal",
        Map,
        "decay " + Decay,
        Epsilon is { } epsilon ? FormattableString.Invariant($"eps {epsilon:R}") : "not normalised",
        FormattableString.Invariant($"scale {Scale:R} chunk {ChunkSize}"),
        (Random is null ? "" : $"{Random} ") + (Learned is null ? "" : $"{Learned} ") + (EpsilonRule == EpsilonRule.Denominator ? "" : $"eps by {EpsilonRule} ") + DType);
}

/// <summary>The random features of a declaration.</summary>
public sealed record RandomMap(int Features, bool IsGeneralized, double Epsilon, bool NormalizesInputs = true, bool ScalesFeatures = false, Stabilizer Stabilizer = Stabilizer.None)
{
    /// <summary>Features that come in pairs, or null.</summary>
    public PerformerKernel? Paired { get; init; }

    /// <summary>A constant feature, or null.</summary>
    public double? Smoothing { get; init; }

    /// <summary>Width of a mapped row.</summary>
    public int Width => Paired is null ? Features : (2 * Features) + (Smoothing is null ? 0 : 1);

    public PerformerKernel Kernel => Paired ?? (IsGeneralized ? PerformerKernel.Generalized : PerformerKernel.Positive);

    /// <summary>Pairs of features, scaled.</summary>
    public static RandomMap Pairs(PerformerKernel kernel, int features, Stabilizer stabilizer = Stabilizer.None) => new(features, false, 0, ScalesFeatures: true, Stabilizer: stabilizer) { Paired = kernel };

    public override string ToString() => FormattableString.Invariant(
        $"{(Paired is { } pair ? pair.ToString() : IsGeneralized ? "f(P x)" : "exp(P x)")} of {Features} + {Epsilon:R}{(NormalizesInputs ? "" : " not normalised")}{(ScalesFeatures ? " scaled" : "")}{(Stabilizer == Stabilizer.None ? "" : " " + Stabilizer)}{(Smoothing is { } smoothing ? $" and {smoothing:R}" : "")}");
}

/// <summary>Which attribute declares it.</summary>
public enum AttentionSystem
{
    Linear,
    Lightning,
    Performer,
    RandomFeature,
    Hedgehog,
}
