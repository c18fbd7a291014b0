using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Tests.Hosting;

/// <summary>Memory as kernels are promised it: on a 64-byte line, not moved by the collector, of exactly the length asked for, between guards.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal sealed class AlignedMemory<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int LineBytes = 64;

    private static readonly T s_guard = T.CreateChecked(-123456.5);
    private readonly T[] _memory;
    private readonly string _name;
    private readonly int _first;

    /// <param name="name">For messages.</param>
    /// <param name="length">Elements.</param>
    /// <param name="content">What they are at first.</param>
    public AlignedMemory(string name, int length, T content)
    {
        int guard = 2 * LineBytes / Unsafe.SizeOf<T>();
        (_name, Length, _memory) = (name, length, GC.AllocateUninitializedArray<T>(length + (3 * guard), pinned: true));
        _memory.AsSpan().Fill(s_guard);
        _first = guard + (int)((LineBytes - (Address(ref _memory[guard]) % LineBytes)) % LineBytes / Unsafe.SizeOf<T>());
        Span.Fill(content);
    }

    public int Length { get; }

    public Span<T> Span => _memory.AsSpan(_first, Length);

    public ref T First => ref _memory[_first];

    /// <summary>The content in double precision, once the guards have been found whole.</summary>
    public double[] Read()
    {
        Assert.True(
            !_memory.AsSpan(0, _first).ContainsAnyExcept(s_guard) && !_memory.AsSpan(_first + Length).ContainsAnyExcept(s_guard),
            $"{_name}: memory beside it was written");
        double[] values = new double[Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = double.CreateChecked(Span[i]);
        return values;
    }

    private static unsafe long Address(ref T element) => (long)Unsafe.AsPointer(ref element);
}
