using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>An array in the machine's global memory, far from every other. Passed to a launch, it becomes an <c>ArrayView</c> of all of it.</summary>
public sealed class DeviceArray
{
    // Terabytes apart: no 32-bit index, however wrong, leads from one array into another.
    internal const int RegionShift = 40;
    private const long Middle = 1L << (RegionShift - 1);

    internal DeviceArray(int number, MemoryRegion region, int elementSize)
    {
        Address = ((long)number << RegionShift) + Middle;
        Region = region;
        ElementSize = elementSize;
    }

    /// <summary>Where it starts, for kernels that take addresses as <c>long</c>.</summary>
    public long Address { get; }

    /// <summary>Bytes of an element.</summary>
    public int ElementSize { get; }

    /// <summary>Elements.</summary>
    public int Length => ByteLength / ElementSize;

    /// <summary>Bytes.</summary>
    public int ByteLength => Region.Data.Length;

    internal MemoryRegion Region { get; }

    internal static long OffsetOf(ulong address) => (long)(address & ((1UL << RegionShift) - 1)) - Middle;

    /// <summary>Part of it, as an <c>ArrayView</c> with an offset and a length in elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has no such elements.</exception>
    public DeviceView View(int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offset + length, Length);
        return new DeviceView(Address + (long)offset * ElementSize, length);
    }

    /// <summary>A copy of its elements; what nothing wrote reads as 0xFF bytes, NaN as a number.</summary>
    public T[] ToArray<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Region.Data).ToArray();

    /// <summary>Replaces its first elements, as a copy from the host does.</summary>
    public void CopyFrom<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        MemoryMarshal.AsBytes(values).CopyTo(Region.Data);
        Region.States?.AsSpan(0, values.Length * Unsafe.SizeOf<T>()).Fill(MemoryRegion.Written);
    }

    /// <summary>Whether every byte was written, by the host or a kernel.</summary>
    public bool IsFullyWritten => Region.States?.AsSpan().ContainsAnyExcept(MemoryRegion.Written) != true;

    /// <summary>What the last launch read and wrote of it.</summary>
    /// <exception cref="InvalidOperationException">Nothing was counted.</exception>
    public ArrayTraffic Traffic => Region.Sectors?.ToTraffic(ByteLength)
        ?? throw new InvalidOperationException($"No launch counted the traffic of {Region.Name}.");
}

/// <summary>An <c>ArrayView</c> as a kernel gets it.</summary>
/// <param name="Address">Where it starts.</param>
/// <param name="Length">Elements.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct DeviceView(long Address, long Length);
