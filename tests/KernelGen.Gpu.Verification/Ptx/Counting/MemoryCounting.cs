using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Wavefronts of shared memory and sectors of global memory that one warp instruction takes.</summary>
internal static class MemoryCounting
{
    private const int Banks = 32;
    private const int SectorBytes = 32;

    public static void Count(PtxStep s, PtxWarp w, uint active, MemoryRegion region, bool isWrite)
    {
        PtxCounters? counters = w.Block.Machine.Tally;
        if (counters is null || active == 0)
            return;
        if (region.Space == PtxSpace.Shared)
            CountShared(counters, s, w, active, isWrite);
        else if (region.Space == PtxSpace.Global)
            CountGlobal(counters, s, w, active, isWrite);
    }

    // 32 banks of 4 bytes. Accesses of 8 and 16 bytes are served half a warp and a quarter of one at a time; one word asked for by many threads is
    // read once. So the least is one wavefront for each such part of the warp.
    private static void CountShared(PtxCounters counters, PtxStep s, PtxWarp w, uint active, bool isWrite)
    {
        int words = Math.Max(1, s.AccessBytes / 4);
        int lanes = PtxWarp.Size / words;
        Span<int> heads = stackalloc int[Banks];
        Span<int> next = stackalloc int[Banks];
        Span<ulong> seen = stackalloc ulong[Banks];
        long wavefronts = 0;
        long least = 0;
        for (int start = 0; start < PtxWarp.Size; start += lanes)
        {
            uint part = active & (uint)(((1UL << lanes) - 1) << start);
            if (part == 0)
                continue;
            heads.Fill(-1);
            int count = 0;
            int most = 1;
            for (uint rest = part; rest != 0; rest &= rest - 1)
            {
                ulong first = w.Addresses[BitOperations.TrailingZeroCount(rest)] >> 2;
                for (int i = 0; i < words; i++)
                {
                    ulong word = first + (ulong)i;
                    int bank = (int)(word % Banks);
                    int length = 1;
                    int entry = heads[bank];
                    while (entry >= 0 && seen[entry] != word)
                    {
                        length++;
                        entry = next[entry];
                    }

                    if (entry >= 0)
                        continue;
                    seen[count] = word;
                    next[count] = heads[bank];
                    heads[bank] = count++;
                    most = Math.Max(most, length);
                }
            }

            wavefronts += most;
            least++;
        }

        counters.AddShared(s, wavefronts, least, isWrite);
    }

    private static void CountGlobal(PtxCounters counters, PtxStep s, PtxWarp w, uint active, bool isWrite)
    {
        Span<ulong> sectors = stackalloc ulong[PtxWarp.Size * 2];
        Span<ulong> places = stackalloc ulong[PtxWarp.Size];
        int sectorCount = 0;
        int placeCount = 0;
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            ulong address = w.Addresses[BitOperations.TrailingZeroCount(rest)];
            AddDistinct(places, ref placeCount, address);
            for (ulong sector = address / SectorBytes; sector <= (address + (ulong)s.AccessBytes - 1) / SectorBytes; sector++)
                AddDistinct(sectors, ref sectorCount, sector);
        }

        foreach (ulong sector in sectors[..sectorCount])
        {
            ulong address = sector * SectorBytes;
            w.Block.Machine.Find(address)!.Region.Sectors?.Add((int)(DeviceArray.OffsetOf(address) / SectorBytes), isWrite);
        }

        counters.AddGlobal(s, sectorCount, (placeCount * s.AccessBytes + SectorBytes - 1) / SectorBytes, placeCount * s.AccessBytes, isWrite);
    }

    // Warps mostly walk upwards, so that the last item is the one to compare with.
    private static void AddDistinct(Span<ulong> items, ref int count, ulong item)
    {
        if (count > 0 && items[count - 1] == item)
            return;
        if (count == 0 || item > items[count - 1])
        {
            items[count++] = item;
            return;
        }

        Span<ulong> known = items[..count];
        int at = known.BinarySearch(item);
        if (at >= 0)
            return;
        at = ~at;
        items[at..count].CopyTo(items[(at + 1)..]);
        items[at] = item;
        count++;
    }
}
