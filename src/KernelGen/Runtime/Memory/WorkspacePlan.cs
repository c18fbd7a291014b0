using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>What one call keeps in its workspace, in bytes: one state block, the kernels' scratch, and the slopes of its heads where a rule gives them.</summary>
/// <param name="Scratch">Where the scratch begins; the state block lies at 0.</param>
/// <param name="Slopes">Where the slopes begin.</param>
/// <param name="Bytes">All of it.</param>
internal readonly record struct WorkspacePlan(long Scratch, long Slopes, long Bytes)
{
    public static WorkspacePlan For(KernelTraits traits, int elementSize, int heads)
    {
        long scratch = AlignedBuffer<byte>.Align((long)traits.State.Length * elementSize);
        long slopes = scratch + AlignedBuffer<byte>.Align((long)traits.ScratchLength * elementSize);
        long count = traits.Decay == Decay.LightningSlopes ? heads : 0;
        return new WorkspacePlan(scratch, slopes, slopes + AlignedBuffer<byte>.Align(count * elementSize));
    }

    public static WorkspacePlan For<T>(KernelTraits traits, int heads)
        where T : unmanaged => For(traits, Unsafe.SizeOf<T>(), heads);
}
