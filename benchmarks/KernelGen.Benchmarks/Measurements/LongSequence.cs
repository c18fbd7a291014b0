using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>A million tokens in one call: linear time, constant memory, undiminished accuracy.</summary>
internal sealed class LongSequence
{
    public const int Million = 1 << 20;

    private const string Short = "short", Long = "long";
    private const int ShortLength = Million / 8;

    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(8);

    private LongSequence(Reading timePerToken, Reading extraBytes)
    {
        TimePerToken = timePerToken;
        ExtraBytes = extraBytes;
    }

    /// <summary>Time per token at 2^20 tokens over that at 2^17; both exceed every cache.</summary>
    public Reading TimePerToken { get; }

    /// <summary>Bytes that the call at 2^20 tokens took beyond its arguments, its workspace included.</summary>
    public Reading ExtraBytes { get; }

    /// <summary>Relative RMS of one head of 2^20 tokens.</summary>
    public static Reading Accuracy(Variant variant)
    {
        Contestant contestant = variant.Enter(new Tensors(new AttentionShape(Batch: 1, Million, Heads: 1), variant.HeadDim));
        return new Reading(contestant.RelativeRms);
    }

    public static LongSequence Run(Variant variant)
    {
        Tensors tensors = new(new AttentionShape(Batch: 1, Million, Heads: 1), variant.HeadDim);
        Tensors prefix = new(tensors.Shape with { Length = ShortLength }, variant.HeadDim);
        long extra = MeasureExtraBytes(variant, tensors);

        Contest contest = new Contest()
            .Enter(Short, () => variant.Enter(prefix))
            .Enter(Long, () => variant.Enter(tensors))
            .Run(_budget);
        Timing shorter = contest.Of(Short), longer = contest.Of(Long);
        double tokens = (double)Million / ShortLength;
        return new LongSequence(
            new Reading(longer.Minimum / shorter.Minimum / tokens, longer.Median / shorter.Median / tokens),
            new Reading(extra));
    }

    private static long MeasureExtraBytes(Variant variant, Tensors tensors)
    {
        PinnedBuffer o = tensors.NewOutput();

        // A short call first, for what is made once a process rather than once a call.
        Forward(tensors.Shape with { Length = 1024 }, new Workspace());

        // A workspace starts empty and lives in managed memory: what it grows to is counted with everything else.
        Workspace workspace = new();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Forward(tensors.Shape, workspace);
        return GC.GetTotalAllocatedBytes(precise: true) - before;

        void Forward(AttentionShape shape, Workspace workspace)
        {
            int length = shape.Length * variant.HeadDim;
            variant.Forward(
                tensors.Q.Span[..length], tensors.K.Span[..length], tensors.V.Span[..length], o.Span[..length], shape,
                new AttentionOptions<float> { Workspace = workspace, MaxDegreeOfParallelism = 1 });
        }
    }
}
