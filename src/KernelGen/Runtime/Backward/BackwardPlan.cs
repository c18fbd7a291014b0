namespace KernelGen.Runtime;

/// <summary>
/// How a backward call is cut, and what it keeps in its workspace, in bytes: for each worker a block, the kernels' scratch, what phases leave for one
/// another (and, behind it, <see cref="GroupSums"/>) and, where long sequences are cut, slots, then a gap; then the block and the tokens' elements of the head that is being cut; the slopes of the heads
/// where a rule gives them; the gradients of slopes a sequence and head, in double precision; the gradients of projections likewise, where they are asked for.
/// </summary>
internal readonly record struct BackwardPlan
{
    /// <summary>Rows that kernels take whole, whatever the length of a sequence.</summary>
    private const int TokenUnit = 16;

    public required Partition Partition { get; init; }

    /// <summary>Bytes from a worker's memory to the next worker's; its block comes first.</summary>
    public required long Worker { get; init; }

    /// <summary>Where a worker's scratch begins, from the start of its memory.</summary>
    public required long Scratch { get; init; }

    /// <summary>Where the tokens' elements of a worker begin, likewise.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens of a sequence that is not cut that there is room for, a multiple of 16.</summary>
    public required long TokenStride { get; init; }

    /// <summary>Where the slopes begin.</summary>
    public required long Slopes { get; init; }

    /// <summary>Where the gradients of slopes begin.</summary>
    public required long SlopeGradients { get; init; }

    /// <summary>Where the gradients of projections begin.</summary>
    public required long ProjectionGradients { get; init; }

    /// <summary>Where the block of a head that is cut begins.</summary>
    public required long Head { get; init; }

    /// <summary>Where the tokens' elements of a head that is cut begin.</summary>
    public required long HeadTokens { get; init; }

    /// <summary>Tokens of a sequence that is cut that there is room for.</summary>
    public required long HeadTokenStride { get; init; }

    /// <summary>Where the slots of a worker begin, from the start of its memory.</summary>
    public required long Slots { get; init; }

    /// <summary>All of it.</summary>
    public required long Bytes { get; init; }

    /// <param name="traits">The declaration, which has a backward pass.</param>
    /// <param name="elementSize">Bytes of an element.</param>
    /// <param name="geometry">Sizes of the call.</param>
    /// <param name="sequences">Sequences N.</param>
    /// <param name="longest">Tokens of the longest sequence, of queries or keys.</param>
    /// <param name="maxDegree">Most threads, 0 for all processors.</param>
    /// <param name="sharesSmallCalls">Whether no call is too short to be shared.</param>
    /// <param name="projectionElements">Elements of the projections' gradients, a sequence and head.</param>
    public static BackwardPlan For(KernelTraits traits, int elementSize, in Geometry geometry, int sequences, int longest, int maxDegree, bool sharesSmallCalls, int projectionElements)
    {
        BackwardTraits backward = traits.Backward!;
        long scratch = Aligned(backward.BlockLength, elementSize);
        long tokens = scratch + Aligned(backward.ScratchLength, elementSize);
        int tokenElements = backward.TokenElements + GroupSums.TokenElements(traits, geometry);

        // What is long is cut where pairs are few, and has its elements once, not once a worker.
        var partition = Partition.OfBackward(geometry, sequences, maxDegree, traits, tokens + Aligned(tokenElements * Padded(longest), elementSize), sharesSmallCalls);
        if (partition.HasFewPairs)
            partition = Partition.OfBackward(geometry, sequences, maxDegree, traits, tokens + Aligned(tokenElements * Padded(Math.Min(longest, Partition.LongSequence)), elementSize), sharesSmallCalls);
        bool cuts = partition.Cuts(longest);
        long stride = Padded(cuts ? Partition.LongSequence : longest);
        long slots = tokens + Aligned(tokenElements * stride, elementSize);
        long slot = 0;
        for (int phase = 0; phase < backward.Phases.Count; phase++)
        {
            if (!cuts || backward.Phases[phase].Window is not { } window)
                continue;
            RelayPlan relay = RelayPlan.For(traits.ChunkSize, window, elementSize, longest);
            slot = Math.Max(slot, Aligned(relay.Length + relay.Gap, elementSize));
        }

        long head = (slots + slot) * partition.Degree;
        long headTokens = head + (cuts ? Aligned(backward.BlockLength, elementSize) : 0);
        long slopes = headTokens + (cuts ? Aligned(tokenElements * Padded(longest), elementSize) : 0);
        long slopeGradients = slopes + Aligned(traits.Decay == Decay.LightningSlopes ? geometry.Heads : 0, elementSize);
        long projections = slopeGradients + Aligned(traits.Decay == Decay.PerHead ? (long)geometry.Heads * sequences : 0, sizeof(double));
        return new BackwardPlan
        {
            Partition = partition,
            Worker = slots + slot,
            Scratch = scratch,
            Tokens = tokens,
            TokenStride = stride,
            Slopes = slopes,
            SlopeGradients = slopeGradients,
            ProjectionGradients = projections,
            Head = head,
            HeadTokens = headTokens,
            HeadTokenStride = Padded(longest),
            Slots = slots,
            Bytes = projections + Aligned((long)geometry.Heads * sequences * projectionElements, elementSize),
        };
    }

    private static long Padded(int tokens) => ((long)tokens + TokenUnit - 1) / TokenUnit * TokenUnit;

    private static long Aligned(long elements, int size) => AlignedBuffer<byte>.Align(elements * size);
}
