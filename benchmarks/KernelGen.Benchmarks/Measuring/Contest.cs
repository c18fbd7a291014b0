namespace KernelGen.Benchmarks.Measuring;

/// <summary>A call to time, and how far its output was from the double reference when it was run once to be checked.</summary>
internal sealed record Contestant(Action Run, double RelativeRms, double Allowed, IDisposable? Resource = null);

/// <summary>
/// Contestants that take turns. Whoever cannot enter (no native library, say) or whose output is wrong is not timed; the others are, and
/// asking for the missing timing says why it is missing.
/// </summary>
internal sealed class Contest
{
    private readonly Dictionary<string, Contestant> _entered = [];
    private readonly Dictionary<string, RowException> _absent = [];
    private readonly Dictionary<string, Timing> _timings = [];

    public Contest Enter(string name, Func<Contestant> prepare)
    {
        try
        {
            Contestant contestant = prepare();

            // Written so that NaN is refused too.
            if (!(contestant.RelativeRms <= contestant.Allowed))
            {
                contestant.Resource?.Dispose();
                throw new RowRefusedException(
                    $"{name} is wrong: relative RMS {contestant.RelativeRms:0.0E+0} against the double reference, {contestant.Allowed:0.0E+0} allowed");
            }

            _entered.Add(name, contestant);
        }
        catch (RowException e)
        {
            _absent.Add(name, e);
        }

        return this;
    }

    /// <summary>Times whoever has entered. With several <paramref name="threads"/>, each turn begins with everybody's worker threads asleep.</summary>
    public Contest Run(TimeSpan budget, int threads = 1)
    {
        TimeSpan settling = threads > 1 ? Alternating.WorkersFallAsleep : TimeSpan.Zero;
        Timing[] measured = Alternating.Measure(budget, settling, [.. _entered.Values.Select(c => c.Run)]);
        foreach ((string name, Timing timing) in _entered.Keys.Zip(measured))
            _timings.Add(name, timing);
        foreach (Contestant contestant in _entered.Values)
            contestant.Resource?.Dispose();
        _entered.Clear();
        return this;
    }

    /// <summary>The timing of a contestant, or the exception that says why there is none.</summary>
    public Timing Of(string name) => _absent.TryGetValue(name, out RowException? reason) ? throw reason : _timings[name];
}
