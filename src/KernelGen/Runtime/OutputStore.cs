using System.ComponentModel;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Runtime;

/// <summary>
/// Stores to the caller's output. An output too large for a core's own caches is written past them: an ordinary store would first read
/// the line it is about to overwrite, a fifth of all traffic of a forward pass. Measured on eight heads of 4,096 tokens: 7 to 9 % of the whole call.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class OutputStore
{
    /// <summary>
    /// Outputs of at least this many bytes are streamed: by then most of the output has left the caches that are a core's own before anyone can read it
    /// back. A rule of the shape alone; the bits are the same either way.
    /// </summary>
    internal const long StreamedBytes = 4L << 20;

    private const int LineBytes = 64;

    /// <summary>Rows shorter than this hold too few whole lines to be worth a copy.</summary>
    internal const int StagedRowBytes = 2 * LineBytes;

    /// <summary>
    /// How to write an output: past the caches where it is large, directly where every row is whole cache lines and through scratch where
    /// not. The memory must be pinned until the call ends unless the answer is <see cref="OutputMode.Store"/>.
    /// </summary>
    internal static unsafe OutputMode Choose<T>(T* output, long elements, int rowElements)
        where T : unmanaged
    {
        long rowBytes = (long)rowElements * sizeof(T);
        if (!Sse.IsSupported || elements * sizeof(T) < StreamedBytes)
            return OutputMode.Store;

        // Rows of a 16-bit format are rounded from scratch in any case.
        if (sizeof(T) > sizeof(ushort) && (nuint)output % LineBytes == 0 && rowBytes % LineBytes == 0)
            return OutputMode.Stream;
        return rowBytes >= StagedRowBytes ? OutputMode.Stage : OutputMode.Store;
    }

    /// <summary>Moves rows that a kernel left in scratch to the caller's memory.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="staged">First row in scratch.</param>
    /// <param name="stagedStride">Elements from a row in scratch to the next.</param>
    /// <param name="output">First row of the caller's.</param>
    /// <param name="outputStride">Elements from a row of the caller's to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="mode"><see cref="OutputMode.Stage"/> or <see cref="OutputMode.Add"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Rows<T>(ref readonly T staged, nint stagedStride, ref T output, nint outputStride, int rows, int columns, OutputMode mode)
        where T : unmanaged, INumberBase<T>
    {
        if (mode == OutputMode.Add)
        {
            for (int r = 0; r < rows; r++)
            {
                Span<T> row = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref output, r * outputStride), columns);
                TensorPrimitives.Add(row, MemoryMarshal.CreateReadOnlySpan(in Unsafe.Add(ref Unsafe.AsRef(in staged), r * stagedStride), columns), row);
            }

            return;
        }

        // Scratch does not move, and this mode promises that the output does not.
        byte* from = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in staged));
        byte* to = (byte*)Unsafe.AsPointer(ref output);
        nint bytes = (nint)columns * sizeof(T);
        for (int r = 0; r < rows; r++, from += stagedStride * sizeof(T), to += outputStride * sizeof(T))
            Row(from, to, bytes);
    }

    /// <summary>A row, line by line past the caches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Row(byte* from, byte* to, nint bytes)
    {
        // Lines that a neighbouring row shares are stored as usual.
        nint column = Math.Min(bytes, (nint)((0 - (nuint)to) % LineBytes));
        Pieces(from, to, column);
        for (; column + LineBytes <= bytes; column += LineBytes)
            Line(from + column, to + column);
        Pieces(from + column, to + column, bytes - column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Line(byte* from, byte* to)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512.Load(from).StoreAlignedNonTemporal(to);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Vector256.Load(from).StoreAlignedNonTemporal(to);
            Vector256.Load(from + 32).StoreAlignedNonTemporal(to + 32);
        }
        else
        {
            for (int i = 0; i < LineBytes; i += 16)
                Vector128.Load(from + i).StoreAlignedNonTemporal(to + i);
        }
    }

    /// <summary>Fewer bytes than a line, in powers of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Pieces(byte* from, byte* to, nint bytes)
    {
        if ((bytes & 32) != 0)
        {
            Vector256.Load(from).Store(to);
            from += 32;
            to += 32;
        }

        if ((bytes & 16) != 0)
        {
            Vector128.Load(from).Store(to);
            from += 16;
            to += 16;
        }

        if ((bytes & 8) != 0)
        {
            *(long*)to = *(long*)from;
            from += 8;
            to += 8;
        }

        if ((bytes & 4) != 0)
        {
            *(int*)to = *(int*)from;
            from += 4;
            to += 4;
        }

        for (nint i = 0; i < (bytes & 3); i++)
            to[i] = from[i];
    }

    /// <summary>Makes streamed stores visible before anything that follows.</summary>
    internal static void Fence()
    {
        if (Sse.IsSupported)
            Sse.StoreFence();
    }

    /// <summary>Stores a vector; <paramref name="stream"/> asks for an aligned, pinned destination.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="value">Value.</param>
    /// <param name="destination">First element.</param>
    /// <param name="stream">Whether the mode is <see cref="OutputMode.Stream"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store<T>(Vector512<T> value, ref T destination, bool stream)
        where T : unmanaged
    {
        if (stream)
            value.StoreAlignedNonTemporal((T*)Unsafe.AsPointer(ref destination));
        else
            value.StoreUnsafe(ref destination);
    }

    /// <inheritdoc cref="Store{T}(Vector512{T}, ref T, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store<T>(Vector256<T> value, ref T destination, bool stream)
        where T : unmanaged
    {
        if (stream)
            value.StoreAlignedNonTemporal((T*)Unsafe.AsPointer(ref destination));
        else
            value.StoreUnsafe(ref destination);
    }

    /// <inheritdoc cref="Store{T}(Vector512{T}, ref T, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store<T>(Vector128<T> value, ref T destination, bool stream)
        where T : unmanaged
    {
        if (stream)
            value.StoreAlignedNonTemporal((T*)Unsafe.AsPointer(ref destination));
        else
            value.StoreUnsafe(ref destination);
    }

    /// <inheritdoc cref="Store{T}(Vector512{T}, ref T, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(T value, ref T destination, bool stream)
        where T : unmanaged
    {
        _ = stream;
        destination = value;
    }
}
