using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>
/// Managed memory whose first element lies on a 64-byte line: a pinned array, entered at the first aligned element. Pinned, because the
/// alignment of an array that moves would not last.
/// </summary>
/// <typeparam name="T">Element type, of a size that divides 64.</typeparam>
internal readonly struct AlignedBuffer<T>
    where T : unmanaged
{
    public const int Alignment = 64;

    private readonly T[] _array;
    private readonly int _start;

    private AlignedBuffer(T[] array, int start, int length) => (_array, _start, Length) = (array, start, length);

    public int Length { get; }

    /// <summary>The first element; of a buffer that was never made, a null reference.</summary>
    public ref T First => ref _array is null ? ref Unsafe.NullRef<T>() : ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_array), _start);

    public Span<T> Span => new(_array, _start, Length);

    /// <summary>The longest buffer that can be made.</summary>
    public static int MaxLength => Array.MaxLength - (Alignment / Unsafe.SizeOf<T>());

    /// <param name="length">Elements, at most <see cref="MaxLength"/>.</param>
    /// <param name="clear">Whether the memory starts as zeros; otherwise its contents are arbitrary.</param>
    public static unsafe AlignedBuffer<T> Create(int length, bool clear)
    {
        int slack = Alignment / sizeof(T);
        T[] array = clear ? GC.AllocateArray<T>(length + slack, pinned: true) : GC.AllocateUninitializedArray<T>(length + slack, pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        int past = (int)(address % Alignment);
        return new AlignedBuffer<T>(array, past == 0 ? 0 : (Alignment - past) / sizeof(T), length);
    }

    /// <summary>Bytes rounded up to whole lines.</summary>
    public static long Align(long bytes) => (bytes + Alignment - 1) & -(long)Alignment;
}
