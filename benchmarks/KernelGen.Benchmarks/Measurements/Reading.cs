using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>The figure of a row: by the minima of its timings unless the row says otherwise, and by their medians.</summary>
internal readonly record struct Reading(double Value, double? ByMedians = null)
{
    /// <summary>A figure that is a function of seconds.</summary>
    public static Reading Of(Timing timing, Func<double, double> figure) => new(figure(timing.Minimum), figure(timing.Median));

    /// <summary>How many times faster <paramref name="ours"/> is.</summary>
    public static Reading Ratio(Timing theirs, Timing ours) => new(theirs.Minimum / ours.Minimum, theirs.Median / ours.Median);

    public static Reading Milliseconds(Timing timing) => Of(timing, static seconds => seconds * 1e3);
}
