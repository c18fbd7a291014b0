using System.Text.RegularExpressions;

namespace KernelGen.Gpu.Verification.OpenCl;

/// <summary>A kind of fault that oclgrind finds.</summary>
public enum OclgrindFault
{
    /// <summary>Two threads use an element without a barrier between, and one of them writes it.</summary>
    DataRace,

    /// <summary>A read outside of every buffer, or of the group's shared memory.</summary>
    InvalidRead,

    /// <summary>A write outside of every buffer, or of the group's shared memory.</summary>
    InvalidWrite,

    /// <summary>A value that nobody has set reaches memory, an address or a branch.</summary>
    UninitializedValue,

    /// <summary>Not all threads of a group reach a barrier.</summary>
    BarrierDivergence,

    /// <summary>oclgrind gave the kernel up, for want of an instruction: what it would have found is unknown.</summary>
    Unsupported,

    /// <summary>Any other message about a kernel.</summary>
    Other,
}

/// <summary>One message of oclgrind.</summary>
/// <param name="Fault">What it is about.</param>
/// <param name="Text">All of it: the fault, the kernel, the threads, and the line of the OpenCL source that ILGPU wrote.</param>
public sealed record OclgrindFinding(OclgrindFault Fault, string Text);

/// <summary>
/// What oclgrind has found, read from its standard error: it neither stops a kernel for a fault nor says so by its exit code. It stops writing after 1,000
/// messages. That it found nothing says nothing of inputs and shapes that were not run.
/// </summary>
/// <param name="Findings">In the order of its messages.</param>
public sealed partial record OclgrindReport(IReadOnlyList<OclgrindFinding> Findings)
{
    private const string FatalError = "OCLGRIND FATAL ERROR";

    /// <summary>Whether it found nothing at all.</summary>
    public bool IsClean => Findings.Count == 0;

    /// <summary>Reads the standard error of a process that ran under oclgrind. Lines of others in it are left out.</summary>
    public static OclgrindReport Parse(string errors)
    {
        string[] lines = [.. errors.Split('\n').Select(line => line.TrimEnd('\r'))];
        List<OclgrindFinding> findings = [];
        for (int i = 0, end; i < lines.Length; i = end)
        {
            // The first line of a message is the only one that is not indented, but for the reason of a fatal error on the next.
            string head = lines[i];
            bool fatal = head.StartsWith(FatalError, StringComparison.Ordinal);
            end = i + (fatal ? 2 : 1);
            while (end < lines.Length && lines[end].StartsWith('\t'))
                end++;

            string text = string.Join('\n', lines[i..Math.Min(end, lines.Length)]).TrimEnd();
            if (fatal || (head.Length > 0 && text.Contains("\n\tKernel:", StringComparison.Ordinal)))
                findings.Add(new OclgrindFinding(fatal ? OclgrindFault.Unsupported : FaultOf(head), text));
        }

        return new OclgrindReport(findings);
    }

    /// <summary>Whether it found a fault of this kind.</summary>
    public bool Has(OclgrindFault fault) => Findings.Any(finding => finding.Fault == fault);

    /// <summary>The first messages and the number of them all, for a test's failure.</summary>
    public override string ToString() => $"{Findings.Count} findings\n{string.Join("\n", Findings.Take(5).Select(finding => $"[{finding.Fault}] {finding.Text}"))}";

    private static OclgrindFault FaultOf(string head) =>
        Race().IsMatch(head) ? OclgrindFault.DataRace
        : head.StartsWith("Invalid read", StringComparison.Ordinal) ? OclgrindFault.InvalidRead
        : head.StartsWith("Invalid write", StringComparison.Ordinal) ? OclgrindFault.InvalidWrite
        : head.Contains("uninitialized", StringComparison.OrdinalIgnoreCase) ? OclgrindFault.UninitializedValue
        : head.StartsWith("Work-group divergence", StringComparison.Ordinal) && head.Contains("barrier", StringComparison.Ordinal) ? OclgrindFault.BarrierDivergence
        : OclgrindFault.Other;

    [GeneratedRegex(@"^(Read-write|Write-write|Write-read) data race\b", RegexOptions.IgnoreCase)]
    private static partial Regex Race();
}
