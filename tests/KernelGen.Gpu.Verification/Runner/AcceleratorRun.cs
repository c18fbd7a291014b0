namespace KernelGen.Gpu.Verification.Runner;

/// <summary>How a run in a process of its own ended.</summary>
public enum AcceleratorOutcome
{
    /// <summary>With exit code 0. Under oclgrind this says nothing of faults: see <see cref="OpenCl.OclgrindReport"/>.</summary>
    Success,

    /// <summary>With another exit code of its own: the case is wrong, the kernel does not compile, or the called method says so.</summary>
    Failure,

    /// <summary>Ended by an index out of bounds, which ILGPU's CPU accelerator asserts against.</summary>
    BoundsFault,

    /// <summary>Ended by the system for any other reason.</summary>
    Crash,

    /// <summary>Killed at its limit.</summary>
    TimeOut,
}

/// <summary>A run in a process of its own.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Process">What the process wrote and took.</param>
public sealed record AcceleratorRun(AcceleratorOutcome Outcome, ChildProcess Process)
{
    /// <summary>What the line begins with in which the runner names its device on standard output, before all else.</summary>
    public const string DevicePrefix = "device: ";

    // The text of the assertion in ILGPU's views.
    private const string BoundsAssertion = "Index out of range";

    /// <summary>Name of the device that it ran on; null where the process ended before it had one.</summary>
    public string? Device =>
        Process.Output.Split('\n', 2)[0] is string line && line.StartsWith(DevicePrefix, StringComparison.Ordinal) ? line[DevicePrefix.Length..].Trim() : null;

    /// <summary>Classifies a process that has ended.</summary>
    public static AcceleratorRun Of(ChildProcess process)
    {
        // A signal's number comes on top of 128; Windows has negative codes for such ends.
        bool aborted = process.ExitCode is < 0 or >= 128;
        AcceleratorOutcome outcome =
            process.HasTimedOut ? AcceleratorOutcome.TimeOut
            : process.ExitCode == 0 ? AcceleratorOutcome.Success
            : !aborted ? AcceleratorOutcome.Failure
            : process.Errors.Contains(BoundsAssertion, StringComparison.Ordinal) ? AcceleratorOutcome.BoundsFault
            : AcceleratorOutcome.Crash;
        return new AcceleratorRun(outcome, process);
    }

    /// <summary>The outcome and all that the process wrote, for a message.</summary>
    public override string ToString() => $"{Outcome} (exit code {Process.ExitCode}, {Process.Elapsed.TotalSeconds:F1} s)\n{Process.Output}{Process.Errors}";
}
