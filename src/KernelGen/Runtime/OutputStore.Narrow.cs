using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <content>Rows of 16-bit formats.</content>
public static partial class OutputStore
{
    /// <summary>Rounds rows that a kernel left in scratch to the caller's memory, whose elements are <typeparamref name="TElement"/>.</summary>
    /// <typeparam name="TElement"><see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="staged">First row in scratch, of whose contents nothing is left.</param>
    /// <param name="stagedStride">Floats from a row in scratch to the next.</param>
    /// <param name="output">Row 0 of the caller's; with <see cref="OutputMode.Keep"/> and <see cref="OutputMode.Add"/>, of floats.</param>
    /// <param name="outputStride">Elements from a row of the caller's to the next.</param>
    /// <param name="first">The caller's row that the first row in scratch is for.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="mode">Any but <see cref="OutputMode.Stream"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Narrow<TElement>(ref float staged, nint stagedStride, ref float output, nint outputStride, nint first, int rows, int columns, OutputMode mode)
        where TElement : unmanaged
    {
        if (mode >= OutputMode.Add)
        {
            Unrounded(ref staged, stagedStride, ref Unsafe.Add(ref output, first * outputStride), outputStride, rows, columns, mode);
            return;
        }

        ref TElement destination = ref Unsafe.Add(ref Unsafe.As<float, TElement>(ref output), first * outputStride);
        if (mode == OutputMode.Store)
        {
            StorageMath.NarrowRows(ref staged, stagedStride, ref destination, outputStride, rows, columns);
            return;
        }

        // All rows before the first is copied: a line that has just been written in halves cannot be read yet.
        StorageMath.NarrowRows(ref staged, stagedStride, ref Unsafe.As<float, TElement>(ref staged), stagedStride * (sizeof(float) / sizeof(TElement)), rows, columns);
        byte* from = (byte*)Unsafe.AsPointer(ref staged);
        byte* to = (byte*)Unsafe.AsPointer(ref destination);
        for (int r = 0; r < rows; r++, from += stagedStride * sizeof(float), to += outputStride * sizeof(TElement))
            Row(from, to, (nint)columns * sizeof(TElement));
    }

    private static void Unrounded(ref readonly float staged, nint stagedStride, ref float output, nint outputStride, int rows, int columns, OutputMode mode)
    {
        if (mode == OutputMode.Add)
        {
            Rows(in staged, stagedStride, ref output, outputStride, rows, columns, mode);
            return;
        }

        for (int r = 0; r < rows; r++)
        {
            MemoryMarshal.CreateReadOnlySpan(in Unsafe.Add(ref Unsafe.AsRef(in staged), r * stagedStride), columns)
                .CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref output, r * outputStride), columns));
        }
    }
}
