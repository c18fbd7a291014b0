namespace KernelGen.Tests.Hosting;

/// <summary>The features of a declaration whose projections are learned.</summary>
public sealed record LearnedMap(LearnedKind Kind, int Features)
{
    public bool HalfSpace { get; init; }

    public bool Bias { get; init; }

    /// <summary>Whether queries and keys share a projection.</summary>
    public bool Tied { get; init; }

    /// <summary>The least feature, where the map has one.</summary>
    public double Floor { get; init; } = 1e-12;

    /// <summary>What rows are divided by before they are projected.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Random Feature Attention: rows of length 1, one projection.</summary>
    public bool IsRandomFeature => Kind is LearnedKind.Gaussian or LearnedKind.ArcCosine;

    /// <summary>Whether keys have a projection of their own.</summary>
    public bool HasKeyProjection => !IsRandomFeature && !Tied;

    /// <summary>Whether the map has no kinks: no rectifier, no floor.</summary>
    public bool IsSmooth => Kind == LearnedKind.Gaussian || (!IsRandomFeature && Kind is not (LearnedKind.Relu or LearnedKind.ShiftedExponential) && Floor == 0);

    /// <summary>Width of a mapped row.</summary>
    public int Width => Kind switch
    {
        LearnedKind.Gaussian or LearnedKind.JointSoftmax => 2 * Features,
        LearnedKind.ArcCosine or LearnedKind.Relu or LearnedKind.EluPlusOne => Features,
        _ => HalfSpace ? Features : 2 * Features,
    };

    public override string ToString() => FormattableString.Invariant(
        $"{Kind} of {Features}{(HalfSpace ? " half" : "")}{(Bias ? " bias" : "")}{(Tied ? " tied" : "")} floor {Floor:R}{(Temperature == 1 ? "" : $" / {Temperature:R}")}");
}

public enum LearnedKind
{
    Gaussian,
    ArcCosine,
    Softmax,
    JointSoftmax,
    Exponential,
    ShiftedExponential,
    Relu,
    EluPlusOne,
}
