using System.Numerics;
using System.Runtime.CompilerServices;
using KernelGen.Runtime;

namespace KernelGen;

/// <summary>
/// The matrix P that a declaration with random features projects rows by, [M, D], one for all heads or one a head, as kernels read it: make it once, from numbers of your
/// own or from a seed, and give it to every call (<c>AttentionOptions.Projection</c>). Never changes; any number of calls may share it.
/// </summary>
/// <typeparam name="T">Element type of the declaration's arithmetic.</typeparam>
public sealed class FeatureProjection<T>
    where T : unmanaged
{
    private readonly AlignedBuffer<T> _blocks;

    internal FeatureProjection(ReadOnlySpan<T> rows, ReadOnlySpan<T> bias, int features, int headDim, int heads)
    {
        (Features, HeadDim, Heads, HasBias) = (features, headDim, heads, !bias.IsEmpty);
        _blocks = AlignedBuffer<T>.Create(heads * BlockLength, clear: true);
        for (int h = 0; h < heads; h++)
        {
            Span<T> block = _blocks.Span.Slice(h * BlockLength, BlockLength), transposed = block[(features * RowStride)..];
            for (int m = 0; m < features; m++)
            {
                for (int d = 0; d < headDim; d++)
                    transposed[(d * ColumnStride) + m] = block[(m * RowStride) + d] = rows[(((h * features) + m) * headDim) + d];
                if (HasBias)
                    transposed[(headDim * ColumnStride) + m] = block[(m * RowStride) + headDim] = bias[(h * features) + m];
            }
        }
    }

    /// <summary>Random features M.</summary>
    public int Features { get; }

    /// <summary>Width D of a row.</summary>
    public int HeadDim { get; }

    /// <summary>Heads that have a matrix of their own; 1 where all share one.</summary>
    public int Heads { get; }

    /// <summary>Whether there is a bias b: u = x P^T + b.</summary>
    public bool HasBias { get; }

    /// <summary>Columns of a row, that of the bias last.</summary>
    private int Columns => HeadDim + (HasBias ? 1 : 0);

    /// <summary>Elements from a row to the next: padded to 64 bytes, as tiles are.</summary>
    private int RowStride => Pad(Columns);

    private int ColumnStride => Pad(Features);

    /// <summary>The matrix, then its transpose.</summary>
    private int BlockLength => (Features * RowStride) + (Columns * ColumnStride);

    /// <summary>Writes the numbers.</summary>
    /// <param name="rows">Receives P, [M, D], or [H, M, D] where heads have their own.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public void CopyTo(Span<T> rows)
    {
        if (ArgumentFault.Product(Heads, Features, HeadDim) != rows.Length)
            ArgumentFault.Length(nameof(rows), rows.Length, "[H, M, D]", Heads, Features, HeadDim);
        for (int row = 0; row < Heads * Features; row++)
            _blocks.Span.Slice((row / Features * BlockLength) + (row % Features * RowStride), HeadDim).CopyTo(rows.Slice(row * HeadDim, HeadDim));
    }

    /// <summary>The first element of a head's block.</summary>
    internal ref T Block(int head) => ref Unsafe.Add(ref _blocks.First, (nint)(Heads == 1 ? 0 : head) * BlockLength);

    private static int Pad(int elements)
    {
        int line = 64 / Unsafe.SizeOf<T>();
        return (elements + line - 1) / line * line;
    }
}

/// <summary>Makes projections.</summary>
public static class FeatureProjection
{
    /// <summary>A projection of the caller's own numbers, which are copied.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="rows">P, [M, D], or [H, M, D] for heads with matrices of their own; finite.</param>
    /// <param name="features">M, at least 1.</param>
    /// <param name="headDim">D, at least 1.</param>
    /// <param name="heads">Heads H with matrices of their own, or 1 (the default) for one that all share.</param>
    /// <param name="bias">b of u = x P^T + b, [M], or [H, M]; finite. Empty (the default): there is none.</param>
    /// <exception cref="ArgumentException">A count is below 1, a length is another, or a number is not finite.</exception>
    public static FeatureProjection<T> Create<T>(ReadOnlySpan<T> rows, int features, int headDim, int heads = 1, ReadOnlySpan<T> bias = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(features, headDim, heads);
        if (ArgumentFault.Product(heads, features, headDim) != rows.Length)
            ArgumentFault.Length(nameof(rows), rows.Length, "[H, M, D]", heads, features, headDim);
        if (!bias.IsEmpty && ArgumentFault.Product(heads, features) != bias.Length)
            ArgumentFault.Length(nameof(bias), bias.Length, "[H, M]", heads, features);
        CheckFinite(nameof(rows), rows);
        CheckFinite(nameof(bias), bias);
        return new FeatureProjection<T>(rows, bias, features, headDim, heads);
    }

    /// <summary>A random projection, a function of its arguments alone: the same seed, the same matrix.</summary>
    /// <typeparam name="T">Element type; the numbers are drawn in double precision and rounded.</typeparam>
    /// <param name="draw">How rows are distributed.</param>
    /// <param name="features">M, at least 1.</param>
    /// <param name="headDim">D, at least 1.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="heads">Heads H with matrices of their own, drawn one after the other, or 1 (the default) for one that all share.</param>
    /// <exception cref="ArgumentException">A count is below 1, or there is no such draw.</exception>
    public static FeatureProjection<T> Draw<T>(RandomFeatures draw, int features, int headDim, long seed, int heads = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(features, headDim, heads);
        if (draw is < RandomFeatures.Orthogonal or > RandomFeatures.Givens)
            ArgumentFault.OutOfRange(nameof(draw), "Orthogonal (0) to Givens (3)", (int)draw);
        var random = new GaussianNumbers(seed);
        T[] rows = new T[heads * features * headDim];
        for (int h = 0; h < heads; h++)
        {
            double[] matrix = FeatureDraw.Matrix(draw, features, headDim, random);
            for (int i = 0; i < matrix.Length; i++)
                rows[(h * matrix.Length) + i] = T.CreateTruncating(matrix[i]);
        }

        return new FeatureProjection<T>(rows, default, features, headDim, heads);
    }

    /// <summary>
    /// A projection whose columns are scaled, P[h, m, d] sigma[h, d]: Random Feature Attention's learned widths, which scale every row of fixed random matrices.
    /// </summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="rows">The fixed matrices, [M, D], or [H, M, D].</param>
    /// <param name="scales">sigma, [H, D], or [D] for a matrix that all heads share.</param>
    /// <param name="features">M, at least 1.</param>
    /// <param name="headDim">D, at least 1.</param>
    /// <param name="heads">Heads H with matrices of their own, or 1 (the default) for one that all share.</param>
    /// <exception cref="ArgumentException">A count is below 1, a length is another, or a number is not finite.</exception>
    public static FeatureProjection<T> Scale<T>(ReadOnlySpan<T> rows, ReadOnlySpan<T> scales, int features, int headDim, int heads = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckScaled(rows, nameof(scales), scales.Length, features, headDim, heads);
        T[] scaled = new T[rows.Length];
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = rows[i] * scales[ScaleOf(i, features, headDim)];
        return Create<T>(scaled, features, headDim, heads);
    }

    /// <summary>The gradient of the scales of <see cref="Scale"/>: dsigma[h, d] = sum_m dP[h, m, d] P[h, m, d], in order, in double precision.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="rows">The fixed matrices, [M, D], or [H, M, D].</param>
    /// <param name="gradients">dP, the gradient of the scaled projection, shaped like them (<c>BackwardOptions.ProjectionGradients</c>).</param>
    /// <param name="scaleGradients">Receives dsigma, [H, D], or [D].</param>
    /// <param name="features">M, at least 1.</param>
    /// <param name="headDim">D, at least 1.</param>
    /// <param name="heads">Heads H with matrices of their own, or 1 (the default) for one that all share.</param>
    /// <exception cref="ArgumentException">A count is below 1, or a length is another.</exception>
    public static void ScaleGradients<T>(ReadOnlySpan<T> rows, ReadOnlySpan<T> gradients, Span<T> scaleGradients, int features, int headDim, int heads = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckScaled(rows, nameof(scaleGradients), scaleGradients.Length, features, headDim, heads);
        if (gradients.Length != rows.Length)
            ArgumentFault.Length(nameof(gradients), gradients.Length, "[H, M, D]", heads, features, headDim);
        for (int i = 0; i < scaleGradients.Length; i++)
        {
            double sum = 0;
            for (int m = 0; m < features; m++)
            {
                int element = (((i / headDim * features) + m) * headDim) + (i % headDim);
                sum += double.CreateTruncating(gradients[element]) * double.CreateTruncating(rows[element]);
            }

            scaleGradients[i] = T.CreateTruncating(sum);
        }
    }

    private static int ScaleOf(int element, int features, int headDim) => (element / (features * headDim) * headDim) + (element % headDim);

    private static void CheckScaled<T>(ReadOnlySpan<T> rows, string name, int scales, int features, int headDim, int heads)
    {
        Check(features, headDim, heads);
        if (ArgumentFault.Product(heads, features, headDim) != rows.Length)
            ArgumentFault.Length(nameof(rows), rows.Length, "[H, M, D]", heads, features, headDim);
        if (ArgumentFault.Product(heads, headDim) != scales)
            ArgumentFault.Length(name, scales, "[H, D]", heads, headDim);
    }

    private static void CheckFinite<T>(string name, ReadOnlySpan<T> numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!T.IsFinite(numbers[i]))
                ArgumentFault.Expected(name, "finite numbers", $"{numbers[i].ToString("R", System.Globalization.CultureInfo.InvariantCulture)} at [{ArgumentFault.Text(i)}]");
        }
    }

    private static void Check(int features, int headDim, int heads)
    {
        if (features < 1)
            ArgumentFault.OutOfRange(nameof(features), "1 or more", features);
        if (headDim < 1)
            ArgumentFault.OutOfRange(nameof(headDim), "1 or more", headDim);

        // Padded and transposed, and in 64-byte rows.
        const int line = 16;
        Int128 length = (ArgumentFault.Product(features, headDim + line) + ArgumentFault.Product(headDim, features + line)) * Math.Max(1, heads);
        if (heads < 1 || length > AlignedBuffer<double>.MaxLength)
            ArgumentFault.OutOfRange(nameof(heads), "1 or more, and no more than one array can hold", heads);
    }
}
