namespace KernelGen.Gpu.Kernels;

/// <summary>Fresh inputs of a call in the layout [B, T, H, D], and the outputs and states that a double-precision reference gives.</summary>
public sealed class GpuCase
{
    private readonly GpuVariant _variant;
    private readonly Random _random;

    public GpuCase(GpuVariant variant, int batch, int length, int heads, int keyHeads, int keyLength, int seed, bool masked)
    {
        (_variant, _random) = (variant, new Random(seed));
        (Batch, Length, Heads, KeyHeads, KeyLength) = (batch, length, heads, keyHeads, keyLength);
        Q = Tensor(batch * length * heads * variant.HeadDim);
        K = Tensor(batch * keyLength * keyHeads * variant.HeadDim);
        V = Tensor(batch * keyLength * keyHeads * variant.ValueDim);
        DO = Tensor(batch * length * heads * variant.ValueDim);
        Mask = [.. Enumerable.Range(0, batch * keyLength).Select(_ => (byte)(masked && _random.Next(4) == 0 ? 0 : 1))];
        Slopes = [.. Enumerable.Range(0, heads).Select(h => variant.Decay switch
        {
            Decay.PerHead => h == 0 ? 0f : (float)(_random.NextDouble() * 0.3),
            Decay.LightningSlopes => (float)LightningSlopes.Of(h, heads),
            _ => 0f,
        })];
    }

    public int Batch { get; }

    public int Length { get; }

    public int Heads { get; }

    public int KeyHeads { get; }

    public int KeyLength { get; }

    public float[] Q { get; }

    public float[] K { get; }

    public float[] V { get; }

    public float[] DO { get; }

    public byte[] Mask { get; }

    public float[] Slopes { get; }

    /// <summary>What the reference makes of sequences, each tokens [starts[n], starts[n + 1]) of a row of the batch; states begin at zero.</summary>
    /// <param name="starts">Of packed sequences; null: each row of the batch is one.</param>
    /// <param name="keyStarts">Likewise of keys.</param>
    public (double[] O, double[] Sums, double[] Normalizers) Expect(int[]? starts, int[]? keyStarts)
    {
        int d = _variant.HeadDim, e = _variant.ValueDim, sequences = starts is null ? Batch : starts.Length - 1;
        double[] o = new double[Batch * Length * Heads * e], sums = new double[sequences * Heads * d * e], normalizers = new double[sequences * Heads * d];
        for (int n = 0; n < sequences; n++)
        {
            (int first, int last) = starts is null ? (n * Length, (n + 1) * Length) : (starts[n], starts[n + 1]);
            (int firstKey, int lastKey) = keyStarts is null ? (n * KeyLength, (n + 1) * KeyLength) : (keyStarts[n], keyStarts[n + 1]);
            for (int h = 0; h < Heads; h++)
            {
                int g = h / (Heads / KeyHeads);
                double[] sum = new double[d * e], normalizer = new double[d];
                double[][] rows = _variant.Reference(
                    Rows(Q, first, last, h, Heads, d), Rows(K, firstKey, lastKey, g, KeyHeads, d), Rows(V, firstKey, lastKey, g, KeyHeads, e),
                    [.. Mask[firstKey..lastKey].Select(m => m != 0)], Slopes[h], sum, normalizer);
                for (int t = first; t < last; t++)
                    rows[t - first].CopyTo(o, ((t * Heads) + h) * e);
                sum.CopyTo(sums, ((n * Heads) + h) * d * e);
                normalizer.CopyTo(normalizers, ((n * Heads) + h) * d);
            }
        }

        return (o, sums, normalizers);
    }

    /// <summary>A state for so many sequences: S and z of each head, positive where normalised as sums of mapped keys are.</summary>
    public (float[] Sums, float[] Normalizers) DrawState(int sequences, bool isGradient)
    {
        float[] sums = Draw(sequences * Heads * _variant.HeadDim * _variant.ValueDim), normalizers = Draw(sequences * Heads * _variant.HeadDim);
        return (sums, isGradient ? normalizers : [.. normalizers.Select(x => MathF.Abs(x) + 1)]);
    }

    /// <summary>The reference's gradients; see <see cref="Expect"/>.</summary>
    /// <param name="starts">Of packed sequences; null: each row of the batch is one.</param>
    /// <param name="keyStarts">Likewise of keys.</param>
    /// <param name="initial">States before the first token; null: zero.</param>
    /// <param name="final">Gradients of the states after the last; null: zero.</param>
    public GpuExpectedGradients ExpectGradients(int[]? starts, int[]? keyStarts, (float[] Sums, float[] Normalizers)? initial, (float[] Sums, float[] Normalizers)? final)
    {
        int d = _variant.HeadDim, e = _variant.ValueDim, sequences = starts is null ? Batch : starts.Length - 1;
        GpuExpectedGradients all = new(
            new double[Q.Length], new double[K.Length], new double[V.Length], new double[sequences * Heads * d * e], new double[sequences * Heads * d], new double[Heads]);
        for (int n = 0; n < sequences; n++)
        {
            (int first, int last) = starts is null ? (n * Length, (n + 1) * Length) : (starts[n], starts[n + 1]);
            (int firstKey, int lastKey) = keyStarts is null ? (n * KeyLength, (n + 1) * KeyLength) : (keyStarts[n], keyStarts[n + 1]);
            for (int h = 0; h < Heads; h++)
            {
                int g = h / (Heads / KeyHeads), pair = (n * Heads) + h;
                GpuHeadGradients head = _variant.Gradients(new GpuHead(
                    Rows(Q, first, last, h, Heads, d), Rows(K, firstKey, lastKey, g, KeyHeads, d), Rows(V, firstKey, lastKey, g, KeyHeads, e), Rows(DO, first, last, h, Heads, e),
                    [.. Mask[firstKey..lastKey].Select(m => m != 0)], Slopes[h],
                    Part(initial?.Sums, pair, d * e), Part(initial?.Normalizers, pair, d), Part(final?.Sums, pair, d * e), Part(final?.Normalizers, pair, d)));
                Add(head.Dq, all.Dq, first, h, Heads);
                Add(head.Dk, all.Dk, firstKey, g, KeyHeads);
                Add(head.Dv, all.Dv, firstKey, g, KeyHeads);
                head.Sum.CopyTo(all.Sums, pair * d * e);
                head.Normalizer.CopyTo(all.Normalizers, pair * d);
                all.Slopes[h] += head.Slope;
            }
        }

        return all;
    }

    private static double[] Part(float[]? states, int pair, int length) => [.. Enumerable.Range(pair * length, length).Select(i => states is null ? 0.0 : states[i])];

    private static void Add(double[][] rows, double[] tensor, int first, int head, int heads)
    {
        for (int t = 0; t < rows.Length; t++)
        {
            for (int i = 0; i < rows[t].Length; i++)
                tensor[((((first + t) * heads) + head) * rows[t].Length) + i] += rows[t][i];
        }
    }

    private static double[][] Rows(float[] tensor, int first, int last, int head, int heads, int width) =>
        [.. Enumerable.Range(first, last - first).Select(t => tensor.Skip(((t * heads) + head) * width).Take(width).Select(x => (double)x).ToArray())];

    private float[] Tensor(int count) => [.. Draw(count).Select(_variant.Rounded)];

    private float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((_random.NextDouble() * 2) - 1))];
}
