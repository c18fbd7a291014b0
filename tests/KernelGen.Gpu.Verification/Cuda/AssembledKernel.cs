using System.Globalization;
using System.Text.RegularExpressions;

namespace KernelGen.Gpu.Verification.Cuda;

/// <summary>What ptxas allots to one kernel, as <c>ptxas -v</c> says it.</summary>
public sealed partial record AssembledKernel
{
    /// <summary>Name of the entry function.</summary>
    public required string Name { get; init; }

    /// <summary>Target, for example <c>sm_80</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>32-bit registers a thread.</summary>
    public required int Registers { get; init; }

    /// <summary>Bytes a thread of its stack frame in local memory; of the deepest function, where some are not inlined.</summary>
    public required int StackBytes { get; init; }

    /// <summary>Bytes a thread that are stored for want of registers, over all functions.</summary>
    public required int SpillStoreBytes { get; init; }

    /// <summary>Bytes a thread that are loaded for want of registers, over all functions.</summary>
    public required int SpillLoadBytes { get; init; }

    /// <summary>Bytes a block of shared memory with a size known to ptxas. It accepts more than the 49,152 that a launch does.</summary>
    public required int StaticSharedBytes { get; init; }

    /// <summary>The kernels of a report of <c>ptxas -v</c>, in its order.</summary>
    /// <exception cref="FormatException">A line of the report names figures of no kernel.</exception>
    public static IReadOnlyList<AssembledKernel> ParseReport(string report)
    {
        List<AssembledKernel> kernels = [];
        foreach (string line in report.Split('\n'))
        {
            Match entry = Entry().Match(line);
            Match stack = Stack().Match(line);
            Match used = Used().Match(line);
            if (entry.Success)
            {
                kernels.Add(new AssembledKernel
                {
                    Name = entry.Groups["name"].Value,
                    Architecture = entry.Groups["target"].Value,
                    Registers = 0,
                    StackBytes = 0,
                    SpillStoreBytes = 0,
                    SpillLoadBytes = 0,
                    StaticSharedBytes = 0,
                });
            }
            else if (stack.Success)
            {
                AssembledKernel kernel = Last(kernels, line);
                kernels[^1] = kernel with
                {
                    StackBytes = Math.Max(kernel.StackBytes, Number(stack, "stack")),
                    SpillStoreBytes = kernel.SpillStoreBytes + Number(stack, "stores"),
                    SpillLoadBytes = kernel.SpillLoadBytes + Number(stack, "loads"),
                };
            }
            else if (used.Success)
            {
                Match shared = Shared().Match(line);
                kernels[^1] = Last(kernels, line) with
                {
                    Registers = Number(used, "registers"),
                    StaticSharedBytes = shared.Success ? Number(shared, "bytes") : 0,
                };
            }
        }

        return kernels;
    }

    private static AssembledKernel Last(List<AssembledKernel> kernels, string line) =>
        kernels.Count > 0 ? kernels[^1] : throw new FormatException($"ptxas reports of no kernel: {line}");

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Compiling entry function '(?<name>[^']+)' for '(?<target>sm_\w+)'")]
    private static partial Regex Entry();

    [GeneratedRegex(@"(?<stack>\d+) bytes stack frame, (?<stores>\d+) bytes spill stores, (?<loads>\d+) bytes spill loads")]
    private static partial Regex Stack();

    [GeneratedRegex(@"Used (?<registers>\d+) registers")]
    private static partial Regex Used();

    [GeneratedRegex(@"(?<bytes>\d+) bytes smem")]
    private static partial Regex Shared();
}
