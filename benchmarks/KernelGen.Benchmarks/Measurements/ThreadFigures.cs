using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>What further threads gain: a call of one thread and the same call of several, in turns.</summary>
internal static class ThreadFigures
{
    private const string Alone = "one thread", Together = "several";

    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(6);

    public static Reading ForwardSpeedup(Variant variant, int heads, int length, int threads) =>
        Speedup(variant, heads, length, (tensors, degree) => variant.Enter(tensors, threads: degree), threads);

    public static Reading BackwardSpeedup(Variant variant, int heads, int length, int threads) =>
        Speedup(variant, heads, length, variant.EnterBackward, threads);

    /// <exception cref="RowUnavailableException">The machine has fewer processors.</exception>
    private static Reading Speedup(Variant variant, int heads, int length, Func<Tensors, int, Contestant> enter, int threads)
    {
        if (Environment.ProcessorCount < threads)
            throw new RowUnavailableException($"{threads} threads on {Environment.ProcessorCount} processors");
        Tensors tensors = new(new AttentionShape(Batch: 1, length, heads), variant.HeadDim);
        Contest contest = new Contest()
            .Enter(Alone, () => enter(tensors, 1))
            .Enter(Together, () => enter(tensors, threads))
            .Run(_budget);
        return Reading.Ratio(contest.Of(Alone), contest.Of(Together));
    }
}
