using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using KernelGen.Runtime;

namespace KernelGen.Tests.Hosting;

/// <summary>The levels of a run, reached by capping calls: one process tests them all.</summary>
internal static class Levels
{
    /// <summary>Widest first, as reports list them.</summary>
    public static IReadOnlyList<InstructionSet> All { get; } = [InstructionSet.Avx512, InstructionSet.Avx2, InstructionSet.Vector128, InstructionSet.Scalar];

    /// <summary>Those that this machine, as it is configured, runs in hardware.</summary>
    public static IReadOnlyList<InstructionSet> Supported { get; } = All.Where(InstructionSetSupport.IsSupported).ToArray();

    /// <summary>Those that promise each other's bits: all that fuse multiply and add.</summary>
    public static IReadOnlyList<InstructionSet> Fused { get; } = Supported
        .Where(level => level switch
        {
            InstructionSet.Scalar => false,
            InstructionSet.Vector128 => Fma.IsSupported || AdvSimd.IsSupported,
            _ => true,
        }).ToArray();

    /// <summary>As reports and environment variables spell it.</summary>
    public static string Name(InstructionSet level) => level.ToString().ToLowerInvariant();
}
