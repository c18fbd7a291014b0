namespace KernelGen.Runtime;

/// <summary>
/// How a call is cut: a function of its shape alone, so that the units are the same for any number of threads. Units are runs of pairs of a sequence and
/// a head; where there are few pairs and their sequences are long, each is cut along the sequence as well.
/// </summary>
internal readonly record struct Partition
{
    /// <summary>
    /// Work below which a call stays on its thread, in operations: about 100 microseconds of one core, several times what it takes to wake another.
    /// </summary>
    private const long SmallCall = 1L << 24;

    /// <summary>Work of the least unit that is worth being claimed, in operations: a few microseconds.</summary>
    private const long SmallUnit = 1L << 19;

    /// <summary>
    /// Fewer pairs than this are cut along the sequence too. That costs about an eighth more work, so that pairs alone are better where they
    /// occupy every thread.
    /// </summary>
    private const int FewPairs = 8;

    /// <summary>Tokens from which a sequence is cut: enough windows that filling and emptying them does not matter.</summary>
    public const int LongSequence = 2048;

    /// <summary>Most bytes of memory that workers have in all.</summary>
    private const long MostBytes = 1L << 30;

    private Partition(int degree, int pairsPerUnit, bool isSmall, bool hasFewPairs)
    {
        Degree = degree;
        PairsPerUnit = pairsPerUnit;
        IsSmall = isSmall;
        HasFewPairs = hasFewPairs;
    }

    /// <summary>Threads, the caller's included.</summary>
    public int Degree { get; }

    /// <summary>Pairs of a sequence and a head in a unit.</summary>
    public int PairsPerUnit { get; }

    /// <summary>Whether there is too little work to share.</summary>
    public bool IsSmall { get; }

    /// <summary>Whether the batch has so few pairs that long sequences are cut too.</summary>
    public bool HasFewPairs { get; }

    /// <param name="geometry">Sizes of the call.</param>
    /// <param name="sequences">Sequences N.</param>
    /// <param name="maxDegree">Most threads, 0 for all processors.</param>
    /// <param name="traits">The declaration.</param>
    /// <param name="elementSize">Bytes of an element.</param>
    /// <param name="sharesSmallCalls">Whether no call is too short to be shared.</param>
    public static Partition Of(in Geometry geometry, int sequences, int maxDegree, KernelTraits traits, int elementSize, bool sharesSmallCalls = false) =>
        Of(Work(geometry, traits), (double)sequences * geometry.Heads, maxDegree, WorkspacePlan.For(traits, elementSize, 0).Bytes, sharesSmallCalls);

    /// <summary>Of a backward call, whose pairs are of a sequence and a key head: query heads that share one add to the same rows, in order.</summary>
    /// <param name="geometry">Sizes of the call.</param>
    /// <param name="sequences">Sequences N.</param>
    /// <param name="maxDegree">Most threads, 0 for all processors.</param>
    /// <param name="traits">The declaration.</param>
    /// <param name="worker">Bytes of a worker's memory.</param>
    /// <param name="sharesSmallCalls">Whether no call is too short to be shared.</param>
    public static Partition OfBackward(in Geometry geometry, int sequences, int maxDegree, KernelTraits traits, long worker, bool sharesSmallCalls = false) =>
        Of(3 * Work(geometry, traits), (double)sequences * geometry.KeyValueHeads, maxDegree, worker, sharesSmallCalls);

    private static Partition Of(double work, double pairs, int maxDegree, long worker, bool sharesSmallCalls)
    {
        pairs = Math.Max(1.0, pairs);
        bool small = work < SmallCall && !sharesSmallCalls;
        int perUnit = sharesSmallCalls ? 1 : (int)Math.Clamp(SmallUnit * pairs / Math.Max(1.0, work), 1.0, pairs);
        return new Partition(small ? 1 : Workers(maxDegree, worker), perUnit, small, pairs < FewPairs);
    }

    /// <summary>Operations of a forward call: the recurrence, maps and copies of rows, and a state that is read whatever the number of tokens.</summary>
    private static double Work(in Geometry geometry, KernelTraits traits)
    {
        double token = traits.UsefulFlopsPerToken + (32.0 * (traits.HeadDim + traits.ValueDim));
        double tokens = (double)geometry.Batch * geometry.Heads * (traits.Causal ? geometry.Length : 0.5 * ((double)geometry.Length + geometry.KeyLength));
        return (tokens * token) + ((double)geometry.Batch * geometry.Heads * 2 * traits.UsefulFlopsPerToken);
    }

    /// <summary>Whether a run of tokens is cut along the sequence. One thread has no use for it; the bits are the same.</summary>
    public bool Cuts(int tokens) => HasFewPairs && Degree > 1 && tokens >= LongSequence;

    private static int Workers(int maxDegree, long bytes) =>
        (int)Math.Clamp(MostBytes / Math.Max(1, bytes), 1, maxDegree == 0 ? Environment.ProcessorCount : maxDegree);
}
