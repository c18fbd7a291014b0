namespace KernelGen.Runtime;

/// <summary>
/// What a call keeps in its workspace, in bytes: for each worker a state block, the kernels' scratch and, where long sequences are cut, slots, then a gap; then the
/// state block of the head that is being cut, and the slopes of the heads where a rule gives them.
/// </summary>
/// <param name="Worker">Bytes from a worker's memory to the next worker's; its state block comes first.</param>
/// <param name="Scratch">Where a worker's scratch begins, from the start of its memory.</param>
/// <param name="Slots">Where a worker's slots begin, likewise.</param>
/// <param name="Head">Where the block of a head that is cut begins.</param>
/// <param name="Slopes">Where the slopes begin.</param>
/// <param name="Bytes">All of it.</param>
internal readonly record struct CallPlan(long Worker, long Scratch, long Slots, long Head, long Slopes, long Bytes)
{
    public static CallPlan For(KernelTraits traits, int elementSize, in Geometry geometry, in Partition partition)
    {
        WorkspacePlan one = WorkspacePlan.For(traits, elementSize, 0);
        long worker = one.Bytes, block = 0;
        int longest = Math.Max(geometry.Length, geometry.KeyLength);
        if (partition.Cuts(longest))
        {
            // A sweep that cannot be cut may still be followed by reads that are.
            block = AlignedBuffer<byte>.Align((long)traits.State.Length * elementSize);
            if (traits.Window is { } window)
            {
                RelayPlan relay = RelayPlan.For(traits.ChunkSize, window, elementSize, longest);
                worker += AlignedBuffer<byte>.Align((relay.Length + relay.Gap) * elementSize);
            }
        }

        long head = worker * partition.Degree;
        long slopes = head + block;
        long count = traits.Decay == Decay.LightningSlopes ? geometry.Heads : 0;
        return new CallPlan(worker, one.Scratch, one.Bytes, head, slopes, slopes + AlignedBuffer<byte>.Align(count * elementSize));
    }
}
