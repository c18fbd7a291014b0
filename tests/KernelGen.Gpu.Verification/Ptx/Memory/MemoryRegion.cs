using System.Runtime.CompilerServices;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Bytes, and what is known of each: whether anything wrote it, and who touched its word last.</summary>
internal sealed class MemoryRegion(PtxSpace space, string name, byte[] data, byte[]? states)
{
    /// <summary>Nothing wrote the byte.</summary>
    public const byte Unwritten = 0;

    /// <summary>The byte has a value.</summary>
    public const byte Written = 1;

    /// <summary>The byte lies between variables.</summary>
    public const byte Guard = 2;

    /// <summary>A cp.async will write the byte.</summary>
    public const byte Pending = 3;

    public PtxSpace Space { get; } = space;

    public string Name { get; } = name;

    public byte[] Data { get; } = data;

    /// <summary>A state a byte; null where all are written.</summary>
    public byte[]? States { get; } = states;

    /// <summary>Last writers of words of 1 &lt;&lt; <see cref="GranuleShift"/> bytes; null where races are not looked for.</summary>
    public ulong[]? Writers { get; private set; }

    /// <summary>Last readers.</summary>
    public ulong[] Readers { get; private set; } = [];

    public int GranuleShift { get; private set; }

    /// <summary>Sectors of 32 bytes that were read and written, by sector; null where not counted.</summary>
    public SectorCounts? Sectors { get; set; }

    /// <summary>Forgets who touched what.</summary>
    public void ResetStamps(bool isTracked, int granuleShift)
    {
        int words = (Data.Length >> granuleShift) + 1;
        if (!isTracked)
        {
            Writers = null;
        }
        else if (Writers?.Length == words)
        {
            Array.Clear(Writers);
            Array.Clear(Readers);
        }
        else
        {
            Writers = new ulong[words];
            Readers = new ulong[words];
        }

        GranuleShift = granuleShift;
    }

    /// <summary>The state that keeps an access from being a good read: <see cref="Written"/> if none does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Worst(int offset, int size)
    {
        if (States is null)
            return Written;
        ref byte first = ref States[offset];
        bool isWritten = size switch
        {
            4 => Unsafe.ReadUnaligned<uint>(ref first) == 0x01010101,
            8 => Unsafe.ReadUnaligned<ulong>(ref first) == 0x0101010101010101,
            16 => (Unsafe.ReadUnaligned<ulong>(ref first) & Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, 8))) == 0x0101010101010101
                && (Unsafe.ReadUnaligned<ulong>(ref first) | Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, 8))) == 0x0101010101010101,
            _ => !States.AsSpan(offset, size).ContainsAnyExcept(Written),
        };
        return isWritten ? Written : Search(offset, size);
    }

    private byte Search(int offset, int size)
    {
        ReadOnlySpan<byte> states = States.AsSpan(offset, size);
        return states.Contains(Guard) ? Guard : states.Contains(Pending) ? Pending : Unwritten;
    }
}
