namespace KernelGen;

/// <summary>
/// Hedgehog: attention by learned features. Rows are projected by a matrix P [F, D] that comes with each call, u = x P^T (+ b), one for all heads or one a head, for queries
/// (<c>AttentionOptions.Projection</c>) and for keys (<c>AttentionOptions.KeyProjection</c>), and mapped; then o_t = sum_s phi(q_t).phi(k_s) v_s / (sum_s phi(q_t).phi(k_s) + eps), over s &lt;= t where
/// causal. Matrices and biases have gradients (<c>BackwardOptions.ProjectionGradients</c> and its kin).
/// </summary>
/// <remarks>
/// Sources: Zhang et al., "The Hedgehog and the Porcupine", 2024; HazyResearch/lolcats; fla-org/flash-linear-attention. A skip connection z = x + x W is P = W^T + I, with the same gradient; a bias that is
/// one number a head is the same number in all of b.
/// </remarks>
public sealed class HedgehogAttentionAttribute : AttentionAttribute
{
    /// <summary>Rows F of the projections, from 1 to 4096; 0 (the default) means the head dim. A map of both halves makes two features of each.</summary>
    public int Features { get; set; }

    /// <summary>What features are. Default: softmax of u and of -u.</summary>
    public HedgehogMap Map { get; set; } = HedgehogMap.Softmax;

    /// <summary>Whether features are those of u alone, without those of -u. Default false.</summary>
    public bool HalfSpace { get; set; }

    /// <summary>Whether projections have biases. Default false.</summary>
    public bool Bias { get; set; }

    /// <summary>Whether queries and keys share one projection. Default false.</summary>
    public bool TieQueriesAndKeys { get; set; }

    /// <summary>The least feature, below which there is no gradient. Not set: 1e-12, and 0 (none) for the joint softmax and the plain exponentials, as published.</summary>
    public double FeatureFloor { get; set; } = double.NaN;

    /// <summary>Whether outputs are divided by the sum of the weights. Default true.</summary>
    public bool Normalize { get; set; } = true;

    /// <summary>Added to the denominator; default 1e-12. Only read where <see cref="Normalize"/>.</summary>
    public double Epsilon { get; set; } = 1e-12;

    /// <summary>What <see cref="Epsilon"/> does. Default: it is added to the denominator.</summary>
    public EpsilonRule EpsilonRule { get; set; } = EpsilonRule.Denominator;

    /// <summary>How the past fades: not at all (the default), by exp(-slope) a token and head, or by a gate a token.</summary>
    public Decay Decay { get; set; } = Decay.None;
}
