namespace KernelGen;

/// <summary>
/// Random Feature Attention: rows of length 1, projected by a matrix P [M, D] a head that comes with each call (<c>AttentionOptions.Projection</c>), u = x P^T / (Temperature (|x| + 1e-3)); features are
/// 0.1 (sin u, cos u), or max(u, 0) / sqrt(M), and o_t = sum_s phi(q_t).phi(k_s) v_s / max(sum_s phi(q_t).phi(k_s), eps), over s &lt;= t where causal. P has a gradient
/// (<c>BackwardOptions.ProjectionGradients</c>); learned widths sigma of fixed random matrices are <see cref="FeatureProjection.Scale"/>.
/// </summary>
/// <remarks>
/// Sources: Peng et al., "Random Feature Attention", ICLR 2021; Noahs-ARK/RFA. Features are as small as published: phi(q).phi(k) &lt;= M / 100, so that the published eps of 1 is at work for the
/// first tokens, and, with <see cref="KernelGen.Decay.Convex"/> gates, for all of them unless M is above 100: ZhaofengWu/rfa-doc-mt has 0.1 there. The arc-cosine features are the paper's; no
/// published code has them.
/// </remarks>
public sealed class RandomFeatureAttentionAttribute : AttentionAttribute
{
    /// <summary>Rows M of the projection, from 1 to 4096; 0 (the default) means the head dim. Sines and cosines make two features of each.</summary>
    public int Features { get; set; }

    /// <summary>What features are a function of. Default: the Gaussian kernel.</summary>
    public RandomFeatureKernel Kernel { get; set; } = RandomFeatureKernel.Gaussian;

    /// <summary>tau, finite and above 0; default 1.</summary>
    public double Temperature { get; set; } = 1.0;

    /// <summary>Whether outputs are divided by the sum of the weights. Default true.</summary>
    public bool Normalize { get; set; } = true;

    /// <summary>The eps of the denominator; default 1. Only read where <see cref="Normalize"/>.</summary>
    public double Epsilon { get; set; } = 1.0;

    /// <summary>What <see cref="Epsilon"/> does. Not set: a floor, where every query sees every key one of the absolute value, as published.</summary>
    public EpsilonRule EpsilonRule { get; set; } = EpsilonRule.Floor;

    /// <summary>How the past fades: not at all (the default), or by a gate a token, which may weigh what the token adds (<see cref="KernelGen.Decay.Convex"/>).</summary>
    public Decay Decay { get; set; } = Decay.None;
}
