using System.Diagnostics;

namespace KernelGen.Benchmarks.Measuring;

/// <summary>Seconds of one call.</summary>
internal readonly record struct Timing(double Minimum, double Median);

/// <summary>
/// Times contestants in turns, in one process, called from one thread: what slows the machine for a while (a neighbour, the clock) slows all of them.
/// Their order rotates from round to round, so that nobody always inherits the same contestant's caches. The minimum says what the
/// code can do, the median what this machine gave.
/// </summary>
internal static class Alternating
{
    private const int LeastRounds = 7;
    private const int MostRounds = 400;

    /// <summary>The shortest stretch that is timed: a shorter call is repeated, so that reading the clock costs less than a thousandth.</summary>
    private static readonly TimeSpan _sample = TimeSpan.FromMicroseconds(100);

    /// <summary>How long each contestant warms up: long enough for the runtime to compile what is around the kernels in its last tier.</summary>
    private static readonly TimeSpan _warmUp = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Longer than the worker threads of the peers spin for more work after a call, on cores that the next contestant needs (libgomp, some
    /// milliseconds; ONNX Runtime is told not to).
    /// </summary>
    public static readonly TimeSpan WorkersFallAsleep = TimeSpan.FromMilliseconds(10);

    /// <summary>Timings in the order of <paramref name="contestants"/>; <paramref name="budget"/> is for all of them together, kept roughly.</summary>
    public static Timing[] Measure(TimeSpan budget, params IReadOnlyList<Action> contestants) => Measure(budget, TimeSpan.Zero, contestants);

    /// <summary>The same, each turn after a pause of <paramref name="settling"/>, outside the clock.</summary>
    public static Timing[] Measure(TimeSpan budget, TimeSpan settling, IReadOnlyList<Action> contestants)
    {
        double[] warm = [.. contestants.Select(Warm)];
        int[] repetitions = [.. warm.Select(seconds => Math.Max(1, (int)(_sample.TotalSeconds / seconds)))];
        double round = warm.Zip(repetitions, (seconds, count) => (seconds * count) + settling.TotalSeconds).Sum();
        int rounds = Math.Clamp((int)(budget.TotalSeconds / round), LeastRounds, MostRounds);

        double[][] samples = [.. contestants.Select(_ => new double[rounds])];
        for (int r = 0; r < rounds; r++)
        {
            for (int i = 0; i < contestants.Count; i++)
            {
                int c = (i + r) % contestants.Count;
                if (settling > TimeSpan.Zero)
                    Thread.Sleep(settling);
                samples[c][r] = Time(contestants[c], repetitions[c]);
            }
        }

        return [.. samples.Select(Summarise)];
    }

    /// <summary>Seconds of the fastest call while warming up.</summary>
    private static double Warm(Action contestant)
    {
        double best = double.PositiveInfinity;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 2 || Stopwatch.GetElapsedTime(start) < _warmUp; i++)
            best = Math.Min(best, Time(contestant, 1));
        return best;
    }

    private static double Time(Action contestant, int repetitions)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repetitions; i++)
            contestant();

        // Not as a TimeSpan, whose tick of 100 ns is coarser than the clock.
        return (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency / repetitions;
    }

    private static Timing Summarise(double[] samples)
    {
        Array.Sort(samples);
        return new Timing(samples[0], samples[samples.Length / 2]);
    }
}
