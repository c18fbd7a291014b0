namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Compares each access's stamp with those that its words carry, and leaves its own.</summary>
internal static class RaceCheck
{
    public static void Read(PtxStep step, PtxWarp warp, int lane, MemoryRegion region, int offset, int size)
    {
        ulong[]? writers = region.Writers;
        if (writers is null)
            return;
        ulong[] readers = region.Readers;
        ulong mine = warp.Stamp + (uint)lane;
        int last = offset + size - 1 >> region.GranuleShift;
        for (int word = offset >> region.GranuleShift; word <= last; word++)
        {
            if (AccessStamp.Conflicts(writers[word], mine))
                throw Race(step, warp, lane, region, word, "reads what another thread writes");
            if (readers[word] != mine)
                readers[word] = AccessStamp.AddReader(readers[word], mine);
        }
    }

    public static void Write(PtxStep step, PtxWarp warp, int lane, MemoryRegion region, int offset, int size)
    {
        ulong[]? writers = region.Writers;
        if (writers is null)
            return;
        ulong[] readers = region.Readers;
        ulong mine = warp.Stamp + (uint)lane;
        int last = offset + size - 1 >> region.GranuleShift;
        for (int word = offset >> region.GranuleShift; word <= last; word++)
        {
            if (AccessStamp.Conflicts(writers[word], mine))
                throw Race(step, warp, lane, region, word, "writes what another thread writes");
            if (AccessStamp.Conflicts(readers[word], mine))
                throw Race(step, warp, lane, region, word, "writes what another thread reads");
            writers[word] = mine;
        }
    }

    public static void Update(PtxStep step, PtxWarp warp, int lane, MemoryRegion region, int offset, int size)
    {
        ulong[]? writers = region.Writers;
        if (writers is null)
            return;
        ulong mine = warp.Stamp + (uint)lane;
        int last = offset + size - 1 >> region.GranuleShift;
        for (int word = offset >> region.GranuleShift; word <= last; word++)
        {
            if (AccessStamp.ConflictsAtomic(writers[word], mine) || AccessStamp.Conflicts(region.Readers[word], mine))
                throw Race(step, warp, lane, region, word, "updates what another thread reads or writes");
            writers[word] = AccessStamp.AddAtomic(writers[word], mine);
        }
    }

    private static PtxFaultException Race(PtxStep step, PtxWarp warp, int lane, MemoryRegion region, int word, string what) => warp.Fault(
        step, lane, region.Space == PtxSpace.Shared ? PtxFault.SharedRace : PtxFault.GlobalRace,
        $"{what}, byte {(long)word << region.GranuleShift} of {region.Name}");
}
