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

    internal FeatureProjection(ReadOnlySpan<T> rows, int features, int headDim, int heads)
    {
        (Features, HeadDim, Heads) = (features, headDim, heads);
        _blocks = AlignedBuffer<T>.Create(heads * BlockLength, clear: true);
        for (int h = 0; h < heads; h++)
        {
            Span<T> block = _blocks.Span.Slice(h * BlockLength, BlockLength), transposed = block[(features * RowStride)..];
            for (int m = 0; m < features; m++)
            {
                for (int d = 0; d < headDim; d++)
                    transposed[(d * ColumnStride) + m] = block[(m * RowStride) + d] = rows[(((h * features) + m) * headDim) + d];
            }
        }
    }

    /// <summary>Random features M.</summary>
    public int Features { get; }

    /// <summary>Width D of a row.</summary>
    public int HeadDim { get; }

    /// <summary>Heads that have a matrix of their own; 1 where all share one.</summary>
    public int Heads { get; }

    /// <summary>Elements from a row to the next: padded to 64 bytes, as tiles are.</summary>
    private int RowStride => Pad(HeadDim);

    private int ColumnStride => Pad(Features);

    /// <summary>The matrix, then its transpose.</summary>
    private int BlockLength => (Features * RowStride) + (HeadDim * ColumnStride);

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
    /// <exception cref="ArgumentException">A count is below 1, the length is another, or a number is not finite.</exception>
    public static FeatureProjection<T> Create<T>(ReadOnlySpan<T> rows, int features, int headDim, int heads = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(features, headDim, heads);
        if (ArgumentFault.Product(heads, features, headDim) != rows.Length)
            ArgumentFault.Length(nameof(rows), rows.Length, "[H, M, D]", heads, features, headDim);
        for (int i = 0; i < rows.Length; i++)
        {
            if (!T.IsFinite(rows[i]))
                ArgumentFault.Expected(nameof(rows), "finite numbers", $"{rows[i].ToString("R", System.Globalization.CultureInfo.InvariantCulture)} at [{ArgumentFault.Text(i)}]");
        }

        return new FeatureProjection<T>(rows, features, headDim, heads);
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
        if (draw is < RandomFeatures.Orthogonal or > RandomFeatures.Gaussian)
            ArgumentFault.OutOfRange(nameof(draw), "Orthogonal (0) to Gaussian (2)", (int)draw);
        var random = new GaussianNumbers(seed);
        T[] rows = new T[heads * features * headDim];
        for (int h = 0; h < heads; h++)
        {
            double[] matrix = FeatureDraw.Matrix(draw, features, headDim, random);
            for (int i = 0; i < matrix.Length; i++)
                rows[(h * matrix.Length) + i] = T.CreateTruncating(matrix[i]);
        }

        return new FeatureProjection<T>(rows, features, headDim, heads);
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
