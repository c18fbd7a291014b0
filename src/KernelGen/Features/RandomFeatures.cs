namespace KernelGen;

/// <summary>How the rows of a random projection are distributed.</summary>
/// <remarks>Source: google-research/performer, <c>GaussianOrthogonalRandomMatrix</c>. To redraw, draw with another seed: every 1000 training steps, as lucidrains has it, say.</remarks>
public enum RandomFeatures
{
    /// <summary>Blocks of D orthogonal directions, each row as long as an independent N(0, I) vector of width D: scaling 0, the usual one.</summary>
    Orthogonal = 0,

    /// <summary>Blocks of D orthogonal directions, every row of length sqrt(D): scaling 1.</summary>
    OrthogonalEqualNorms = 1,

    /// <summary>Independent N(0, 1) numbers.</summary>
    Gaussian = 2,

    /// <summary>
    /// Blocks of D orthogonal directions, each block a product of D ceil(ln D) rotations by random angles in random pairs of axes, which costs D^2 log D instead of D^3; lengths as
    /// <see cref="Orthogonal"/>'s. Directions are nearly uniform: so few rotations leave fourth moments of 3.7 instead of 3 at D = 8. Source: google-research/performer, <c>struct_mode</c>.
    /// </summary>
    Givens = 3,
}
