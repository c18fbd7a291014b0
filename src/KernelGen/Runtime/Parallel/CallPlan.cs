namespace KernelGen.Runtime;

/// <summary>
/// What a call keeps in its workspace, in bytes: for each worker a state block and the kernels' scratch, then the slopes of the heads where a rule gives
/// them, then, where long sequences are cut, the state block of the head that is being cut and each worker's slots.
/// </summary>
/// <param name="Worker">Bytes from a worker's memory to the next worker's; its state block comes first.</param>
/// <param name="Scratch">Where a worker's scratch begins, from the start of its memory.</param>
/// <param name="Slopes">Where the slopes begin.</param>
/// <param name="Head">Where the block of a head that is cut begins.</param>
/// <param name="Slots">Where the slots begin.</param>
/// <param name="Slot">Bytes from the slots of a worker to the next worker's.</param>
/// <param name="Bytes">All of it.</param>
internal readonly record struct CallPlan(long Worker, long Scratch, long Slopes, long Head, long Slots, long Slot, long Bytes)
{
    public static CallPlan For(KernelTraits traits, int elementSize, in Geometry geometry, in Partition partition)
    {
        WorkspacePlan one = WorkspacePlan.For(traits, elementSize, 0);
        long slopes = one.Bytes * partition.Degree;
        long count = traits.Decay == Decay.LightningSlopes ? geometry.Heads : 0;
        long head = slopes + AlignedBuffer<byte>.Align(count * elementSize);
        int longest = Math.Max(geometry.Length, geometry.KeyLength);
        if (!partition.Cuts(longest) || traits.Window is not { } window)
            return new CallPlan(one.Bytes, one.Scratch, slopes, head, head, 0, head);
        long slots = head + AlignedBuffer<byte>.Align((long)traits.State.Length * elementSize);
        long slot = AlignedBuffer<byte>.Align(RelayPlan.For(traits.ChunkSize, window, elementSize, longest).Length * elementSize);
        return new CallPlan(one.Bytes, one.Scratch, slopes, head, slots, slot, slots + (slot * partition.Degree));
    }
}
