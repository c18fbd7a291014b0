using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Runtime;

/// <summary>Which levels of vector instructions this process may use. The questions are constants to the JIT.</summary>
public static class InstructionSetSupport
{
    /// <summary>The widest level that is supported.</summary>
    public static InstructionSet Best => Choose(InstructionSets.All, null);

    /// <summary>Whether kernels of a level run here at the level's own speed.</summary>
    /// <param name="level">The level.</param>
    public static bool IsSupported(InstructionSet level) => level switch
    {
        InstructionSet.Scalar => true,
        InstructionSet.Vector128 => Vector128.IsHardwareAccelerated,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        // Vector512 is not accelerated where the machine prefers narrower vectors although it has AVX-512.
        InstructionSet.Avx512 => Vector512.IsHardwareAccelerated
            && Avx512F.VL.IsSupported && Avx512BW.VL.IsSupported && Avx512CD.VL.IsSupported && Avx512DQ.VL.IsSupported,
        _ => false,
    };

    /// <summary>The widest level that is supported, available and not above a cap; <see cref="InstructionSet.Scalar"/> where there is none.</summary>
    /// <param name="available">Levels that kernels exist for.</param>
    /// <param name="cap">The widest level allowed; null: any.</param>
    public static InstructionSet Choose(InstructionSets available, InstructionSet? cap)
    {
        InstructionSet level = cap is { } limit && limit < InstructionSet.Avx512 ? limit : InstructionSet.Avx512;
        while (level > InstructionSet.Scalar && !(available.HasFlag((InstructionSets)(1 << (int)level)) && IsSupported(level)))
            level--;
        return level < InstructionSet.Scalar ? InstructionSet.Scalar : level;
    }
}
