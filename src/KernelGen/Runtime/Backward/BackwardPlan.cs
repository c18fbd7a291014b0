using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>
/// What one backward call keeps in its workspace, in bytes: one block at 0, the kernels' scratch, what phases leave for one another (and the sums of a group), the
/// slopes of its heads where a rule gives them, and the sums of the slopes' gradients in double precision.
/// </summary>
/// <param name="Scratch">Where the scratch begins.</param>
/// <param name="Tokens">Where the tokens' elements begin.</param>
/// <param name="TokenStride">Tokens that there is room for, a multiple of 16.</param>
/// <param name="Slopes">Where the slopes begin.</param>
/// <param name="SlopeGradients">Where the sums begin.</param>
/// <param name="Bytes">All of it.</param>
internal readonly record struct BackwardPlan(long Scratch, long Tokens, long TokenStride, long Slopes, long SlopeGradients, long Bytes)
{
    /// <summary>Rows that kernels take whole, whatever the length of a sequence.</summary>
    private const int TokenUnit = 16;

    public static BackwardPlan For(KernelTraits traits, BackwardTraits backward, int elementSize, in Geometry geometry, int longestSequence)
    {
        long tokenStride = ((long)longestSequence + TokenUnit - 1) / TokenUnit * TokenUnit;
        long scratch = AlignedBuffer<byte>.Align((long)backward.BlockLength * elementSize);
        long tokens = scratch + AlignedBuffer<byte>.Align((long)backward.ScratchLength * elementSize);
        long slopes = tokens + AlignedBuffer<byte>.Align((backward.TokenElements + GroupSums.TokenElements(traits, geometry)) * tokenStride * elementSize);
        long ruled = traits.Decay == Decay.LightningSlopes ? geometry.Heads : 0;
        long slopeGradients = slopes + AlignedBuffer<byte>.Align(ruled * elementSize);
        long given = traits.Decay == Decay.PerHead ? geometry.Heads : 0;
        return new BackwardPlan(scratch, tokens, tokenStride, slopes, slopeGradients, slopeGradients + AlignedBuffer<byte>.Align(given * sizeof(double)));
    }

    public static BackwardPlan For<T>(KernelTraits traits, BackwardTraits backward, in Geometry geometry, int longestSequence)
        where T : unmanaged => For(traits, backward, Unsafe.SizeOf<T>(), geometry, longestSequence);
}
