namespace KernelGen;

/// <summary>How the rows of a random projection are distributed.</summary>
/// <remarks>Source: google-research/performer, <c>GaussianOrthogonalRandomMatrix</c>.</remarks>
public enum RandomFeatures
{
    /// <summary>Blocks of D orthogonal directions, each row as long as an independent N(0, I) vector of width D: scaling 0, the usual one.</summary>
    Orthogonal = 0,

    /// <summary>Blocks of D orthogonal directions, every row of length sqrt(D): scaling 1.</summary>
    OrthogonalEqualNorms = 1,

    /// <summary>Independent N(0, 1) numbers.</summary>
    Gaussian = 2,
}
