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

    public override string ToString() => string.Join(
        ' ',
        System,
        FormattableString.Invariant($"D{HeadDim} E{ValueDim}"),
        Causal ? "causal" : "non-causal",
        Map,
        "decay " + Decay,
        Epsilon is { } epsilon ? FormattableString.Invariant($"eps {epsilon:R}") : "not normalised",
        FormattableString.Invariant($"scale {Scale:R} chunk {ChunkSize}"),
        DType);
}

/// <summary>Which attribute declares it.</summary>
public enum AttentionSystem
{
    Linear,
    Lightning,
}
