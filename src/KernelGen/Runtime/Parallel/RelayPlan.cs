namespace KernelGen.Runtime;

/// <summary>How a run of whole chunks is cut into groups that workers take in turn. By shape alone.</summary>
/// <param name="Chunks">All chunks.</param>
/// <param name="PerGroup">Chunks of a group (the last may have fewer).</param>
/// <param name="SlotStride">Elements from a slot to the next.</param>
internal readonly record struct RelayPlan(int Chunks, int PerGroup, int SlotStride)
{
    /// <summary>Bytes of the slots of a group, which stay in a core's second-level cache.</summary>
    private const int GroupBytes = 512 << 10;

    /// <summary>Fewer chunks would hand the state on too often, more would let the first group of a call, and the last, take too long.</summary>
    private const int LeastChunks = 6;
    private const int MostChunks = 32;
    private const int LineBytes = 64;

    /// <summary>
    /// Slots' room that is left free behind a worker's memory. A fold steps from slot to slot, and the processor fetches ahead in such steps, past the last
    /// slot: into the memory of the next worker, whose lines it would take away. Measured with a head of 64: 300 ns a token without, 180 with.
    /// </summary>
    private const int FreeSlots = 16;

    public int Groups => (Chunks + PerGroup - 1) / PerGroup;

    /// <summary>Elements of the slots of one group.</summary>
    public long Length => (long)PerGroup * SlotStride;

    /// <summary>Elements that the memory of two workers lies apart.</summary>
    public long Gap => (long)FreeSlots * SlotStride;

    public static RelayPlan For(int chunkSize, WindowTraits traits, int elementSize, int tokens)
    {
        // An odd number of lines, so that the same element of all slots does not fall into the same sets of a cache.
        int line = LineBytes / elementSize;
        int stride = (traits.SlotLength / line | 1) * line;
        return new RelayPlan(tokens / chunkSize, Math.Clamp(GroupBytes / (stride * elementSize), LeastChunks, MostChunks), stride);
    }
}
