using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>
/// A tensor of the caller's, of elements of whatever type the declaration stores: what a call does between its checks and its kernels is the same
/// for all of them but for the size of an element.
/// </summary>
internal readonly ref struct TensorMemory
{
    private readonly ref byte _first;

    private TensorMemory(ref byte first, int length, int elementBytes)
    {
        _first = ref first;
        Length = length;
        ElementBytes = elementBytes;
    }

    /// <summary>Elements.</summary>
    public int Length { get; }

    public int ElementBytes { get; }

    public bool IsEmpty => Length == 0;

    public static TensorMemory Of<TElement>(ReadOnlySpan<TElement> elements)
        where TElement : unmanaged =>
        new(ref Unsafe.As<TElement, byte>(ref MemoryMarshal.GetReference(elements)), elements.Length, Unsafe.SizeOf<TElement>());

    /// <summary>Where a row begins, as the kernels take it: a reference of the arithmetic's type to elements that are perhaps of another.</summary>
    public ref T Row<T>(nint offset)
        where T : unmanaged => ref Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(ref _first, offset * ElementBytes));

    /// <summary>As <see cref="MemoryExtensions.Overlaps{T}(ReadOnlySpan{T}, ReadOnlySpan{T})"/>, for two element types.</summary>
    public bool Overlaps(TensorMemory other)
    {
        if (IsEmpty || other.IsEmpty)
            return false;
        nint distance = Unsafe.ByteOffset(ref _first, ref other._first);
        return (nuint)distance < (nuint)((nint)Length * ElementBytes) || (nuint)distance > (nuint)(-((nint)other.Length * other.ElementBytes));
    }
}
