using System.Numerics;

namespace KernelGen.Tests.Runtime.Reference;

/// <summary>The definition, in double: every query against every key it sees, no chunks and no running state.</summary>
internal sealed class QuadraticOracle
{
    public required double[] O { get; init; }

    public required double[] State { get; init; }

    public required double[] Normalizer { get; init; }

    public static QuadraticOracle Of<TDeclaration, T>(Problem<TDeclaration, T> p)
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int m = TDeclaration.Traits.FeatureDim;
        int e = TDeclaration.Traits.ValueDim;
        int blocks = p.Sequences * p.Shape.Heads;
        var oracle = new QuadraticOracle { O = new double[p.O.Length], State = new double[blocks * m * e], Normalizer = new double[blocks * m] };
        for (int n = 0; n < p.Sequences; n++)
        {
            for (int h = 0; h < p.Shape.Heads; h++)
                oracle.Head(p, n, h);
        }

        return oracle;
    }

    private void Head<TDeclaration, T>(Problem<TDeclaration, T> p, int n, int h)
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var traits = TDeclaration.Traits;
        (int d, int e) = (traits.HeadDim, traits.ValueDim);
        int keyHead = h / (p.Shape.Heads / p.KeyHeads);
        int block = (n * p.Shape.Heads) + h;
        int batch = p.CuSeqlens is null ? n : 0;
        (int start, int end) = p.CuSeqlens is null ? (0, p.Shape.Length) : (p.CuSeqlens[n], p.CuSeqlens[n + 1]);
        int[]? keyCuts = p.KeyCuSeqlens ?? p.CuSeqlens;
        (int keyStart, int keyEnd) = keyCuts is null ? (0, p.KeyLength) : (keyCuts[n], keyCuts[n + 1]);

        for (int t = start; t < end; t++)
        {
            double[] q = Mapped<TDeclaration, T>(p.Q, p.Row(batch, t, h, p.Shape.Length, p.Shape.Heads, d), d);
            double fade = traits.Causal ? Fade(t - start + 1) : 1;
            double weights = 0;
            int row = p.Row(batch, t, h, p.Shape.Length, p.Shape.Heads, e);
            for (int i = 0; i < d; i++)
            {
                weights += fade * q[i] * Initial(p.InitialNormalizer, (block * d) + i);
                for (int j = 0; j < e; j++)
                    O[row + j] += fade * q[i] * Initial(p.InitialState, (((block * d) + i) * e) + j);
            }

            for (int s = keyStart; s < keyEnd && (!traits.Causal || s <= t); s++)
            {
                if (!Seen(s))
                    continue;
                double[] k = Key(s);
                double weight = (traits.Causal ? Fade(t - s) : 1) * q.Zip(k, (a, b) => a * b).Sum();
                weights += weight;
                for (int j = 0; j < e; j++)
                    O[row + j] += weight * Value(s, j);
            }

            for (int j = 0; j < e && traits.Normalized; j++)
                O[row + j] /= weights + TDeclaration.Epsilon;
        }

        for (int i = 0; i < d; i++)
        {
            double fade = Fade(keyEnd - keyStart);
            Normalizer[(block * d) + i] = fade * Initial(p.InitialNormalizer, (block * d) + i);
            for (int j = 0; j < e; j++)
                State[(((block * d) + i) * e) + j] = fade * Initial(p.InitialState, (((block * d) + i) * e) + j);
        }

        for (int s = keyStart; s < keyEnd; s++)
        {
            if (!Seen(s))
                continue;
            double[] k = Key(s);
            for (int i = 0; i < d; i++)
            {
                double weight = Fade(keyEnd - 1 - s) * k[i];
                Normalizer[(block * d) + i] += weight;
                for (int j = 0; j < e; j++)
                    State[(((block * d) + i) * e) + j] += weight * Value(s, j);
            }
        }

        double Fade(int tokens) => Math.Exp(-p.Slope(h) * tokens);

        bool Seen(int s) => p.KeyMask is null || p.KeyMask[(batch * p.KeyLength) + s];

        double[] Key(int s) => Mapped<TDeclaration, T>(p.K, p.Row(batch, s, keyHead, p.KeyLength, p.KeyHeads, d), d);

        double Value(int s, int j) => double.CreateTruncating(p.V[p.Row(batch, s, keyHead, p.KeyLength, p.KeyHeads, e) + j]);
    }

    private static double Initial<T>(T[]? state, int index)
        where T : unmanaged, IFloatingPointIeee754<T> => state is null ? 0 : double.CreateTruncating(state[index]);

    private static double[] Mapped<TDeclaration, T>(T[] rows, int start, int width)
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T> =>
        rows.AsSpan(start, width).ToArray().Select(x => TDeclaration.Map.Value(double.CreateTruncating(x))).ToArray();
}
