using System.ComponentModel;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Runtime;

/// <summary>Which levels this machine runs in hardware. Every answer is a constant to the JIT.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InstructionSetSupport
{
    /// <summary>The widest level supported.</summary>
    public static InstructionSet Best =>
        HasAvx512 ? InstructionSet.Avx512
        : HasAvx2 ? InstructionSet.Avx2
        : Vector128.IsHardwareAccelerated ? InstructionSet.Vector128
        : InstructionSet.Scalar;

    // Vector512.IsHardwareAccelerated is false, though the instructions are there, where 512-bit vectors slow the processor's clock.
    private static bool HasAvx512 => Vector512.IsHardwareAccelerated
        && Avx512F.IsSupported && Avx512F.VL.IsSupported
        && Avx512BW.IsSupported && Avx512BW.VL.IsSupported
        && Avx512CD.IsSupported && Avx512CD.VL.IsSupported
        && Avx512DQ.IsSupported && Avx512DQ.VL.IsSupported;

    private static bool HasAvx2 => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>Whether kernels of one level run here.</summary>
    /// <param name="level">The level.</param>
    public static bool IsSupported(InstructionSet level) => level switch
    {
        InstructionSet.Scalar => true,
        InstructionSet.Vector128 => Vector128.IsHardwareAccelerated,
        InstructionSet.Avx2 => HasAvx2,
        InstructionSet.Avx512 => HasAvx512,
        _ => false,
    };

    /// <summary>The widest level that kernels exist for, that this machine supports and that the cap allows.</summary>
    /// <param name="available">Levels that kernels exist for.</param>
    /// <param name="cap">Nothing wider than this; null for no cap.</param>
    /// <exception cref="PlatformNotSupportedException">There is none.</exception>
    public static InstructionSet Choose(InstructionSets available, InstructionSet? cap)
    {
        for (InstructionSet level = cap ?? InstructionSet.Avx512; level >= InstructionSet.Scalar; level--)
        {
            if (((int)available >> (int)level & 1) != 0 && IsSupported(level))
                return level;
        }

        throw new PlatformNotSupportedException(
            $"No kernel for this machine: it supports {Best} and narrower, kernels exist for {available}{(cap is null ? "" : $", and the cap is {cap}")}.");
    }
}
