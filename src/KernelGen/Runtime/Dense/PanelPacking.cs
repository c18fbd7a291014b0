using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

/// <summary>
/// Packs right factors into panels: element (k, j) of a factor of K rows lies at (j / P) K P + k P + j mod P, P the panel's columns; columns beyond the factor's are zero. Nothing is
/// computed, so that the order in which it is done means nothing.
/// </summary>
internal static class PanelPacking
{
    /// <summary>Panels [first, last) of the factor M^T, of a matrix M of <paramref name="columns"/> rows and <paramref name="depth"/> columns.</summary>
    public static void Transposed<T>(ReadOnlySpan<T> matrix, int columns, int depth, int width, int first, int last, ref T panels)
        where T : unmanaged
    {
        for (int p = first; p < last; p++)
        {
            ref T panel = ref Unsafe.Add(ref panels, (nint)p * depth * width);
            int valid = Math.Min(width, columns - (p * width));
            if (valid < width)
                MemoryMarshal.CreateSpan(ref panel, depth * width).Clear();
            Transpose(in matrix[p * width * depth], depth, ref panel, width, valid, depth);
        }
    }

    /// <summary>Panels [first, last) of a factor of <paramref name="depth"/> rows, <paramref name="stride"/> elements apart, and <paramref name="columns"/> columns.</summary>
    public static void Plain<T>(ref readonly T matrix, nint stride, int depth, int columns, int width, int first, int last, ref T panels)
        where T : unmanaged
    {
        for (int p = first; p < last; p++)
        {
            ref T to = ref Unsafe.Add(ref panels, (nint)p * depth * width);
            ref T from = ref Unsafe.Add(ref Unsafe.AsRef(in matrix), p * width);
            int valid = Math.Min(width, columns - (p * width));
            for (int k = 0; k < depth; k++)
            {
                Span<T> row = MemoryMarshal.CreateSpan(ref to, width);
                MemoryMarshal.CreateReadOnlySpan(in from, valid).CopyTo(row);
                if (valid < width)
                    row[valid..].Clear();
                to = ref Unsafe.Add(ref to, width);
                from = ref Unsafe.Add(ref from, stride);
            }
        }
    }

    /// <summary>destination[c, r] = source[r, c], by the machine's widest blocks: no level gives other bits.</summary>
    public static void Transpose<T>(ref readonly T source, nint sourceStride, ref T destination, nint destinationStride, int rows, int columns)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            ref float from = ref Unsafe.As<T, float>(ref Unsafe.AsRef(in source)), to = ref Unsafe.As<T, float>(ref destination);
            if (Vector256.IsHardwareAccelerated)
                TilePacking.Transpose256(in from, sourceStride, ref to, destinationStride, rows, columns);
            else
                TilePacking.Transpose128(in from, sourceStride, ref to, destinationStride, rows, columns);
        }
        else
        {
            ref double from = ref Unsafe.As<T, double>(ref Unsafe.AsRef(in source)), to = ref Unsafe.As<T, double>(ref destination);
            if (Vector256.IsHardwareAccelerated)
                TilePacking.Transpose256(in from, sourceStride, ref to, destinationStride, rows, columns);
            else
                TilePacking.Transpose128(in from, sourceStride, ref to, destinationStride, rows, columns);
        }
    }
}
