using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>The contract, run in a process of its own.</summary>
internal static class ContractProof
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(10);

    public static TheoryData<string> Variants => [.. GpuVariant.All.Select(v => v.Name)];

    /// <summary>Scenarios of a variant agree with double precision, or the test fails with what was seen.</summary>
    public static AcceleratorRun Prove(AcceleratorKind accelerator, string variant, string scenarios)
    {
        AcceleratorRun run = AcceleratorProcess.Call(accelerator, typeof(GpuContract), nameof(GpuContract.Run), [variant, scenarios], _limit);

        Assert.True(run.Outcome == AcceleratorOutcome.Success, $"{run.Outcome}\n{run.Process.Output}\n{run.Process.Errors}");
        return run;
    }
}
