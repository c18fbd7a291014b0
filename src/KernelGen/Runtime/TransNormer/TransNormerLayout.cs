using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>Where the activations of a call's tokens lie, in elements.</summary>
internal readonly record struct TransNormerLayout
{
    private const int Line = AlignedBuffer<byte>.Alignment;

    public TransNormerLayout(TransNormerTraits traits, int tokens)
    {
        long hidden = Whole((long)tokens * traits.Hidden), embed = Whole((long)tokens * traits.Embed), glu = Whole((long)tokens * traits.GluWidth);
        (HiddenStride, Attention, Middle, Gate, Up) = (hidden, 4 * hidden, 5 * hidden, (5 * hidden) + embed, (5 * hidden) + embed + glu);
        Elements = Up + glu;
    }

    /// <summary>From q to k to v to u; q lies at 0.</summary>
    public long HiddenStride { get; }

    /// <summary>A.</summary>
    public long Attention { get; }

    /// <summary>m, the rows between the halves.</summary>
    public long Middle { get; }

    /// <summary>n(m) W1^T.</summary>
    public long Gate { get; }

    /// <summary>n(m) W2^T.</summary>
    public long Up { get; }

    public long Elements { get; }

    /// <summary>Elements rounded up to whole lines of every element type.</summary>
    public static long Whole(long elements) => (elements + Line - 1) & -(long)Line;

    public static ref T At<T>(ref T first, long offset) => ref Unsafe.Add(ref first, (nint)offset);
}
