namespace KernelGen;

/// <summary>
/// The published slopes of Lightning Attention and TransNormerLLM: head h decays by exp(-slope_h) a token.
/// For a power of two H: slope_h = 2^(-8 (h + 1) / H). Otherwise, with p the largest power of two below H: the slopes of p heads, then every
/// second slope of 2p heads (0, 2, 4, ...), H - p of them; the order is not monotone.
/// </summary>
/// <remarks>Source: OpenNLPLab/lightning-attention, <c>_build_slope_tensor</c>; layer scaling as in TransNormerLLM.</remarks>
public static class LightningSlopes
{
    /// <summary>The slope of one head.</summary>
    /// <param name="head">0 to <paramref name="heads"/> - 1.</param>
    /// <param name="heads">Number of heads, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static double Of(int head, int heads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(head);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(head, heads);
        int power = 1 << int.Log2(heads);
        return head < power
            ? PowerOfTwo(head, power)
            : PowerOfTwo(2 * (head - power), 2 * power);

        static double PowerOfTwo(int h, int n) => Math.Pow(2.0, -8.0 * (h + 1) / n);
    }

    /// <summary>Fills <paramref name="slopes"/>, one a head, scaled for a layer: slope (1 - layer / (layers - 1) + 1e-5); unscaled where <paramref name="layers"/> is 1.</summary>
    /// <param name="slopes">[H], written.</param>
    /// <param name="layer">0 to <paramref name="layers"/> - 1.</param>
    /// <param name="layers">Layers of the model.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static void Fill(Span<float> slopes, int layer = 0, int layers = 1)
    {
        double scale = LayerScale(layer, layers);
        for (int h = 0; h < slopes.Length; h++)
            slopes[h] = (float)(Of(h, slopes.Length) * scale);
    }

    /// <inheritdoc cref="Fill(Span{float}, int, int)"/>
    public static void Fill(Span<double> slopes, int layer = 0, int layers = 1)
    {
        double scale = LayerScale(layer, layers);
        for (int h = 0; h < slopes.Length; h++)
            slopes[h] = Of(h, slopes.Length) * scale;
    }

    private static double LayerScale(int layer, int layers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, layers);
        return layers == 1 ? 1.0 : 1.0 - ((double)layer / (layers - 1)) + 1e-5;
    }
}
