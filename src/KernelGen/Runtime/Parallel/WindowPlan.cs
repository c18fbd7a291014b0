namespace KernelGen.Runtime;

/// <summary>
/// How a run of whole chunks is cut: into windows, whose slots stay in the caches between the phases, each window into groups of chunks and its
/// fold into slices of the state. By shape alone.
/// </summary>
/// <param name="Chunks">All chunks.</param>
/// <param name="PerWindow">Chunks of a window (the last may have fewer).</param>
/// <param name="PerGroup">Chunks that one unit contributes or emits.</param>
/// <param name="Slice">Elements of the sums that one unit folds, a multiple of 64 bytes.</param>
/// <param name="Slices">Units of a fold.</param>
/// <param name="SlotStride">Elements from a slot to the next.</param>
/// <param name="Bytes">Memory of the slots of two windows: while one is read, the next is filled.</param>
internal readonly record struct WindowPlan(int Chunks, int PerWindow, int PerGroup, int Slice, int Slices, int SlotStride, long Bytes)
{
    /// <summary>Bytes of the slots of one window.</summary>
    private const int WindowBytes = 256 << 10;

    private const int MostChunks = 64;
    private const int LeastChunks = 8;
    private const int Groups = 8;
    private const int MostSlices = 8;
    private const int Line = 64;

    /// <summary>Units in which a window is contributed, and as many in which it is emitted.</summary>
    public int GroupsPerWindow => (PerWindow + PerGroup - 1) / PerGroup;

    public int Windows => (Chunks + PerWindow - 1) / PerWindow;

    public static WindowPlan For(int chunkSize, WindowTraits traits, int elementSize, int tokens)
    {
        // An odd number of lines, so that the same element of all slots does not fall into the same sets of a cache.
        int lineElements = Line / elementSize;
        int stride = (traits.SlotLength / lineElements | 1) * lineElements;
        int chunks = tokens / chunkSize;
        int window = Math.Clamp(WindowBytes / (stride * elementSize), LeastChunks, MostChunks);
        int lines = traits.Sums / lineElements;
        int slice = Math.Max(4, (lines + MostSlices - 1) / MostSlices);
        return new WindowPlan(
            chunks,
            window,
            (window + Groups - 1) / Groups,
            slice * lineElements,
            (lines + slice - 1) / slice,
            stride,
            AlignedBuffer<byte>.Align(2L * window * stride * elementSize));
    }
}
