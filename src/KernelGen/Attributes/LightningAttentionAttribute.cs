namespace KernelGen;

/// <summary>
/// Lightning Attention-2: o_t = sum_{s &lt;= t} exp(-slope (t - s)) (q_t.k_s) v_s, always causal, no feature map, no normaliser.
/// </summary>
/// <remarks>Source: Qin et al., "Lightning Attention-2", 2024; OpenNLPLab/lightning-attention.</remarks>
public sealed class LightningAttentionAttribute : AttentionAttribute
{
    /// <summary>Where the slopes come from: the published rule over the number of heads (the default), the call's own, none, or gates of the call's instead of slopes.</summary>
    public Decay Decay { get; set; } = Decay.LightningSlopes;
}
