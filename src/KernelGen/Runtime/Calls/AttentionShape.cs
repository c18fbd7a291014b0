namespace KernelGen;

/// <summary>
/// Sizes of one call. With B = <see cref="Batch"/>, T = <see cref="Length"/>, H = <see cref="Heads"/>, S = <see cref="KeyLength"/>,
/// G = <see cref="KeyValueHeads"/> and the declaration's widths D and E: q is [B, T, H, D], k [B, S, G, D], v [B, S, G, E] and
/// o [B, T, H, E]; with <see cref="TensorLayout.HeadFirst"/> heads come before tokens.
/// </summary>
/// <param name="Batch">Sequences B of equal length, 0 or more; 1 where <c>AttentionOptions.CuSeqlens</c> cuts the tokens into sequences.</param>
/// <param name="Length">Query tokens T a sequence (in all, where packed), 0 or more.</param>
/// <param name="Heads">Query heads H, at least 1.</param>
public readonly record struct AttentionShape(int Batch, int Length, int Heads)
{
    /// <summary>
    /// Key and value heads G, a divisor of <see cref="Heads"/>; 0 (the default) means <see cref="Heads"/>. Query head h reads key and
    /// value head h / (H / G): grouped-query attention, by index, nothing is copied.
    /// </summary>
    public int KeyValueHeads { get; init; }

    /// <summary>
    /// Key and value tokens S a sequence (in all, where packed); 0 (the default) means <see cref="Length"/>. Other lengths than
    /// <see cref="Length"/> only where the declaration is not causal.
    /// </summary>
    public int KeyLength { get; init; }

    /// <summary>Memory order of q, k, v and o.</summary>
    public TensorLayout Layout { get; init; }
}
