namespace KernelGen;

/// <summary>
/// Linear attention: o_t = sum_s phi(q_t).phi(k_s) v_s / (sum_s phi(q_t).phi(k_s) + eps), over s &lt;= t where causal.
/// The map is built in, or the class's own method marked <see cref="FeatureMapAttribute"/>.
/// </summary>
/// <remarks>Source: Katharopoulos et al., "Transformers are RNNs", ICML 2020; idiap/fast-transformers.</remarks>
public sealed class LinearAttentionAttribute : AttentionAttribute
{
    /// <summary>The map phi of queries and keys. Ignored (and must be left alone) where the class has a method marked <see cref="FeatureMapAttribute"/>.</summary>
    public FeatureMap FeatureMap { get; set; } = FeatureMap.EluPlusOne;

    /// <summary>Whether outputs are divided by the sum of the weights plus <see cref="Epsilon"/>. Default true.</summary>
    public bool Normalize { get; set; } = true;

    /// <summary>Added once to the denominator; default 1e-6 (fast-transformers). Only read where <see cref="Normalize"/>.</summary>
    public double Epsilon { get; set; } = 1e-6;

    /// <summary>How the past fades: not at all (the default), by exp(-slope) a token and head, or by a gate a token.</summary>
    public Decay Decay { get; set; } = Decay.None;
}
