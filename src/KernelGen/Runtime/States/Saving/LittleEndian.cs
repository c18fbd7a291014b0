using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>Takes a piece of a saved state.</summary>
internal delegate void ByteSink(ReadOnlySpan<byte> bytes);

/// <summary>Fills a piece of a state that is being read.</summary>
internal delegate void ByteSource(Span<byte> bytes);

/// <summary>Elements as little-endian bytes, in pieces that bytes can count whatever the elements' number.</summary>
internal static class LittleEndian
{
    private const int PieceBytes = 1 << 16;

    public static void Write<T>(ReadOnlySpan<T> elements, ByteSink sink)
        where T : unmanaged
    {
        int piece = PieceBytes / Unsafe.SizeOf<T>();
        T[] swapped = BitConverter.IsLittleEndian ? [] : new T[Math.Min(piece, elements.Length)];
        for (int start = 0; start < elements.Length; start += piece)
        {
            ReadOnlySpan<T> part = elements.Slice(start, Math.Min(piece, elements.Length - start));
            if (!BitConverter.IsLittleEndian)
            {
                part.CopyTo(swapped);
                Reverse<T>(swapped.AsSpan(0, part.Length));
                part = swapped.AsSpan(0, part.Length);
            }

            sink(MemoryMarshal.AsBytes(part));
        }
    }

    /// <summary>Fills <paramref name="elements"/> with what <paramref name="source"/> puts into each piece.</summary>
    public static void Read<T>(Span<T> elements, ByteSource source)
        where T : unmanaged
    {
        int piece = PieceBytes / Unsafe.SizeOf<T>();
        for (int start = 0; start < elements.Length; start += piece)
        {
            Span<T> part = elements.Slice(start, Math.Min(piece, elements.Length - start));
            source(MemoryMarshal.AsBytes(part));
            if (!BitConverter.IsLittleEndian)
                Reverse(part);
        }
    }

    /// <summary>From little-endian to big-endian order, or back.</summary>
    private static void Reverse<T>(Span<T> elements)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == sizeof(uint))
        {
            Span<uint> words = MemoryMarshal.Cast<T, uint>(elements);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
        else
        {
            Span<ulong> words = MemoryMarshal.Cast<T, ulong>(elements);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }
}
