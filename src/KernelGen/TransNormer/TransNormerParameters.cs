namespace KernelGen;

/// <summary>
/// The weights of a TransNormerLLM block as PyTorch stores them, [outputs, inputs]; E the block's width, C = H D that of its heads together, G of its gated linear unit.
/// Biases are empty where the block has none.
/// </summary>
/// <typeparam name="T">Element type.</typeparam>
public readonly ref struct TransNormerParameters<T>
    where T : unmanaged
{
    /// <summary>Wqkvu, [4 C, E]: rows of queries, keys, values and gates u.</summary>
    public ReadOnlySpan<T> Qkvu { get; init; }

    /// <summary>Wout, [E, C].</summary>
    public ReadOnlySpan<T> Output { get; init; }

    /// <summary>W1, [G, E].</summary>
    public ReadOnlySpan<T> Gate { get; init; }

    /// <summary>W2, [G, E].</summary>
    public ReadOnlySpan<T> Up { get; init; }

    /// <summary>W3, [E, G].</summary>
    public ReadOnlySpan<T> Down { get; init; }

    /// <summary>Bias of <see cref="Qkvu"/>, [4 C].</summary>
    public ReadOnlySpan<T> QkvuBias { get; init; }

    /// <summary>Bias of <see cref="Output"/>, [E].</summary>
    public ReadOnlySpan<T> OutputBias { get; init; }

    /// <summary>Bias of <see cref="Gate"/>, [G].</summary>
    public ReadOnlySpan<T> GateBias { get; init; }

    /// <summary>Bias of <see cref="Up"/>, [G].</summary>
    public ReadOnlySpan<T> UpBias { get; init; }

    /// <summary>Bias of <see cref="Down"/>, [E].</summary>
    public ReadOnlySpan<T> DownBias { get; init; }

    /// <summary>Decay of each head, [H], finite and at least 0: see <see cref="LightningSlopes.Fill(Span{float}, int, int)"/>, which scales them for a layer.</summary>
    public ReadOnlySpan<T> Slopes { get; init; }
}

/// <summary>
/// Where the gradients of a block's weights go, each in its weight's layout; written, and empty for one that is not wanted.
/// </summary>
/// <typeparam name="T">Element type.</typeparam>
public readonly ref struct TransNormerGradients<T>
    where T : unmanaged
{
    /// <summary>Of Wqkvu, [4 C, E].</summary>
    public Span<T> Qkvu { get; init; }

    /// <summary>Of Wout, [E, C].</summary>
    public Span<T> Output { get; init; }

    /// <summary>Of W1, [G, E].</summary>
    public Span<T> Gate { get; init; }

    /// <summary>Of W2, [G, E].</summary>
    public Span<T> Up { get; init; }

    /// <summary>Of W3, [E, G].</summary>
    public Span<T> Down { get; init; }

    /// <summary>Of the bias of Wqkvu, [4 C].</summary>
    public Span<T> QkvuBias { get; init; }

    /// <summary>Of the bias of Wout, [E].</summary>
    public Span<T> OutputBias { get; init; }

    /// <summary>Of the bias of W1, [G].</summary>
    public Span<T> GateBias { get; init; }

    /// <summary>Of the bias of W2, [G].</summary>
    public Span<T> UpBias { get; init; }

    /// <summary>Of the bias of W3, [E].</summary>
    public Span<T> DownBias { get; init; }
}
