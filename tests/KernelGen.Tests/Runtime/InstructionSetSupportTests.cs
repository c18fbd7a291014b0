using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

public sealed class InstructionSetSupportTests
{
    [Fact]
    public void IsSupported_EachLevel_AsTheRuntimeSays()
    {
        Assert.True(InstructionSetSupport.IsSupported(InstructionSet.Scalar));
        Assert.Equal(Vector128.IsHardwareAccelerated, InstructionSetSupport.IsSupported(InstructionSet.Vector128));
        Assert.Equal(Avx2.IsSupported && Fma.IsSupported, InstructionSetSupport.IsSupported(InstructionSet.Avx2));
        Assert.Equal(Vector512.IsHardwareAccelerated && Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported && Avx512CD.VL.IsSupported, InstructionSetSupport.IsSupported(InstructionSet.Avx512));
        Assert.False(InstructionSetSupport.IsSupported(InstructionSet.Avx512 + 1));
    }

    [Fact]
    public void Best_OfAllLevels_IsTheWidestSupported()
        => Assert.Equal(Enum.GetValues<InstructionSet>().Where(InstructionSetSupport.IsSupported).Max(), InstructionSetSupport.Best);

    [Fact]
    public void Choose_EverySubsetAndCap_TakesTheWidestAllowedOrThrows()
    {
        InstructionSet?[] caps = [null, .. Enum.GetValues<InstructionSet>().Select(level => (InstructionSet?)level)];
        for (InstructionSets available = 0; available <= InstructionSets.All; available++)
        {
            foreach (InstructionSet? cap in caps)
            {
                InstructionSet[] allowed = [.. Enum.GetValues<InstructionSet>().Where(level => available.HasFlag((InstructionSets)(1 << (int)level)) && InstructionSetSupport.IsSupported(level) && !(level > cap))];
                if (allowed.Length == 0)
                    Assert.Throws<PlatformNotSupportedException>(() => InstructionSetSupport.Choose(available, cap));
                else
                    Assert.Equal(allowed.Max(), InstructionSetSupport.Choose(available, cap));
            }
        }
    }
}
