using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

/// <summary>
/// Transposes a tile: destination[c, r] = source[r, c]. Whole blocks go through registers; what is left at the right and at the
/// bottom goes to the next narrower block, in the end to scalars. Nothing outside the rows and columns is read or written. All levels
/// give the same bits (nothing is computed), and each runs, narrower, where its instructions do not exist.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TilePacking
{
    private const MethodImplOptions Compiled = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    /// <summary>By blocks of 16 x 16.</summary>
    /// <param name="source">Its first element.</param>
    /// <param name="sourceStride">Elements from a row of the source to the next.</param>
    /// <param name="destination">Its first element; must not overlap the source.</param>
    /// <param name="destinationStride">Elements from a row of the destination to the next.</param>
    /// <param name="rows">Rows of the source, at least 1.</param>
    /// <param name="columns">Columns of the source, at least 1.</param>
    [MethodImpl(Compiled)]
    public static void Transpose512(ref readonly float source, nint sourceStride, ref float destination, nint destinationStride, int rows, int columns)
        => Walk<Block16x16, float>(in source, sourceStride, ref destination, destinationStride, rows, columns);

    /// <summary>By blocks of 8 x 8.</summary>
    /// <inheritdoc cref="Transpose512(ref readonly float, nint, ref float, nint, int, int)"/>
    [MethodImpl(Compiled)]
    public static void Transpose512(ref readonly double source, nint sourceStride, ref double destination, nint destinationStride, int rows, int columns)
        => Walk<Block8x8Double, double>(in source, sourceStride, ref destination, destinationStride, rows, columns);

    /// <summary>By blocks of 8 x 8.</summary>
    /// <inheritdoc cref="Transpose512(ref readonly float, nint, ref float, nint, int, int)"/>
    [MethodImpl(Compiled)]
    public static void Transpose256(ref readonly float source, nint sourceStride, ref float destination, nint destinationStride, int rows, int columns)
        => Walk<Block8x8, float>(in source, sourceStride, ref destination, destinationStride, rows, columns);

    /// <summary>By blocks of 4 x 4.</summary>
    /// <inheritdoc cref="Transpose512(ref readonly float, nint, ref float, nint, int, int)"/>
    [MethodImpl(Compiled)]
    public static void Transpose256(ref readonly double source, nint sourceStride, ref double destination, nint destinationStride, int rows, int columns)
        => Walk<Block4x4Double, double>(in source, sourceStride, ref destination, destinationStride, rows, columns);

    /// <summary>By blocks of 4 x 4.</summary>
    /// <inheritdoc cref="Transpose512(ref readonly float, nint, ref float, nint, int, int)"/>
    [MethodImpl(Compiled)]
    public static void Transpose128(ref readonly float source, nint sourceStride, ref float destination, nint destinationStride, int rows, int columns)
        => Walk<Block4x4, float>(in source, sourceStride, ref destination, destinationStride, rows, columns);

    /// <summary>By blocks of 2 x 2.</summary>
    /// <inheritdoc cref="Transpose512(ref readonly float, nint, ref float, nint, int, int)"/>
    [MethodImpl(Compiled)]
    public static void Transpose128(ref readonly double source, nint sourceStride, ref double destination, nint destinationStride, int rows, int columns)
        => Walk<Block2x2Double, double>(in source, sourceStride, ref destination, destinationStride, rows, columns);

    /// <summary>Element by element.</summary>
    /// <inheritdoc cref="Transpose512(ref readonly float, nint, ref float, nint, int, int)"/>
    [MethodImpl(Compiled)]
    public static void TransposeScalar(ref readonly float source, nint sourceStride, ref float destination, nint destinationStride, int rows, int columns)
        => Scatter(in source, sourceStride, ref destination, destinationStride, rows, columns);

    /// <summary>Element by element.</summary>
    /// <inheritdoc cref="Transpose512(ref readonly float, nint, ref float, nint, int, int)"/>
    [MethodImpl(Compiled)]
    public static void TransposeScalar(ref readonly double source, nint sourceStride, ref double destination, nint destinationStride, int rows, int columns)
        => Scatter(in source, sourceStride, ref destination, destinationStride, rows, columns);

    /// <summary>Whole blocks, then the strip at their right (whole block rows), then the strip below (all columns).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Walk<TBlock, T>(ref readonly T source, nint sourceStride, ref T destination, nint destinationStride, int rows, int columns)
        where TBlock : ITransposeBlock<T>
        where T : unmanaged
    {
        // A decode step packs one row: no block fits, so it should not ask each width in turn.
        if (rows < Vector128<T>.Count)
        {
            Scatter(in source, sourceStride, ref destination, destinationStride, rows, columns);
            return;
        }

        int size = TBlock.Size;
        int blockRows = TBlock.IsSupported ? rows & -size : 0;
        int blockColumns = columns & -size;
        ref T from = ref Unsafe.AsRef(in source);
        for (int r = 0; r < blockRows; r += size)
        {
            for (int c = 0; c < blockColumns; c += size)
                TBlock.Transpose(in Unsafe.Add(ref from, (r * sourceStride) + c), sourceStride, ref Unsafe.Add(ref destination, (c * destinationStride) + r), destinationStride);
        }

        if (blockRows > 0 && blockColumns < columns)
            TBlock.Rest(in Unsafe.Add(ref from, blockColumns), sourceStride, ref Unsafe.Add(ref destination, blockColumns * destinationStride), destinationStride, blockRows, columns - blockColumns);
        if (blockRows < rows)
            TBlock.Rest(in Unsafe.Add(ref from, blockRows * sourceStride), sourceStride, ref Unsafe.Add(ref destination, blockRows), destinationStride, rows - blockRows, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scatter<T>(ref readonly T source, nint sourceStride, ref T destination, nint destinationStride, int rows, int columns)
        where T : unmanaged
    {
        for (int r = 0; r < rows; r++)
        {
            ref T from = ref Unsafe.Add(ref Unsafe.AsRef(in source), r * sourceStride);
            ref T to = ref Unsafe.Add(ref destination, r);
            for (int c = 0; c < columns; c++, to = ref Unsafe.Add(ref to, destinationStride))
                to = Unsafe.Add(ref from, c);
        }
    }
}
