namespace KernelGen.Runtime;

/// <summary>What a block's backward call keeps in its workspace, in elements.</summary>
internal readonly record struct TransNormerBackwardRoom
{
    public TransNormerBackwardRoom(TransNormerTraits traits, int tokens, long scratch)
    {
        long hidden = TransNormerLayout.Whole((long)tokens * traits.Hidden), glu = TransNormerLayout.Whole((long)tokens * traits.GluWidth);
        Inputs = scratch;
        First = Inputs + TransNormerLayout.Whole((long)tokens * Math.Max(traits.GluWidth, Math.Max(traits.Hidden, traits.Embed)));
        Second = First + glu;

        // The second half of the block is done with its own when the first half begins.
        Qkvu = First;
        Attention = Qkvu + (4 * hidden);
        Packed = First + Math.Max(2 * glu, 5 * hidden);
        Elements = Packed + Math.Max(Math.Max(DenseBackward.Room(traits.Projection), DenseBackward.Room(traits.Output)), Math.Max(DenseBackward.Room(traits.Glu), DenseBackward.Room(traits.Down)));
    }

    /// <summary>h of a layer, then dh.</summary>
    public long Inputs { get; }

    /// <summary>Gradient of n(m) W1^T.</summary>
    public long First { get; }

    /// <summary>Gradient of n(m) W2^T.</summary>
    public long Second { get; }

    /// <summary>Gradients of q, k, v and u, as far apart as these.</summary>
    public long Qkvu { get; }

    /// <summary>Gradient of A.</summary>
    public long Attention { get; }

    /// <summary>What the weights' gradients pack.</summary>
    public long Packed { get; }

    public long Elements { get; }
}
