using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Runtime;

/// <summary>Asks for memory before it is read.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Prefetch
{
    private const int LineBytes = 64;

    /// <summary>
    /// Touches every cache line of some rows with PREFETCHT1; nothing where the instruction does not exist. Neither reads nor faults, so
    /// the rows may lie beyond the end of the caller's memory.
    /// </summary>
    /// <remarks>
    /// Into the second level of cache: a chunk's tiles and its panel of the state all but fill the first, and rows that came there a whole chunk early
    /// would push them out. Measured on causal forwards of head dim 128: 3 to 7 % faster than into the first level.
    /// </remarks>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="rows">First element of row 0.</param>
    /// <param name="stride">Elements from a row to the next.</param>
    /// <param name="first">First row to touch.</param>
    /// <param name="last">The row after the last; none if not greater.</param>
    /// <param name="bytesPerRow">Bytes of a row that will be read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Rows<T>(ref readonly T rows, nint stride, int first, int last, int bytesPerRow)
        where T : unmanaged
    {
        if (!Sse.IsSupported)
            return;
        // The collector may move the array in between: then the hint is wasted, and nothing else happens.
        nint strideBytes = stride * sizeof(T);
        byte* row = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in rows)) + (first * strideBytes);
        for (int r = first; r < last; r++, row += strideBytes)
        {
            // A row that does not start on a line ends in one line more than its length says.
            for (byte* line = (byte*)((nuint)row & ~(nuint)(LineBytes - 1)); line < row + bytesPerRow; line += LineBytes)
                Sse.Prefetch1(line);
        }
    }
}
