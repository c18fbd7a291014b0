using KernelGen.Runtime;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Contracts;

/// <summary>The level that a run is meant for is in force, and caps reach the levels below it.</summary>
[Trait("Suite", "Levels")]
public class LevelTests
{
    private const string Variable = "KERNELGEN_EXPECT_LEVEL";

    /// <summary>A run under a switch that no longer switches anything would test the same level twice and say nothing.</summary>
    [SkippableFact]
    public void Best_OfARunForOneLevel_IsThatLevel()
    {
        string? expected = Environment.GetEnvironmentVariable(Variable);
        Skip.If(string.IsNullOrEmpty(expected), $"{Variable} does not say which level this run is for");

        Assert.Equal(expected, Levels.Name(InstructionSetSupport.Best));
    }

    [Fact]
    public void ForCap_EverySupportedLevel_IsReached()
    {
        AttentionInfo info = ContractVariants.Of(ContractVariants.Main[0].ToString()).Kernels.Info;

        Assert.Equal(Levels.Supported, Levels.Supported.Select(level => info.ForCap(level).InstructionSet));
        Assert.Equal(InstructionSetSupport.Best, info.InstructionSet);
    }
}
