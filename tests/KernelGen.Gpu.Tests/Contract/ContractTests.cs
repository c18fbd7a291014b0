using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Tests.Runner;
using KernelGen.Gpu.Verification.Cuda;
using KernelGen.Gpu.Verification.OpenCl;
using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>Every variant, by its generated host API, on every accelerator that a machine without a GPU has.</summary>
public class ContractTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(6);

    public static TheoryData<string> Variants => [.. GpuVariant.All.Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_OnCpuAccelerator_AgreesWithDouble(string variant) => Prove(AcceleratorKind.Cpu, variant, "small,options,stream,refuse");

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_OnCpuAccelerator_AgreesWithDouble(string variant) => Prove(AcceleratorKind.Cpu, variant, "backward,backward-options");

    [Theory]
    [InlineData("EluCausal")]
    [InlineData("EluCross")]
    [InlineData("DecayPerHead")]
    public void CutSequences_OnCpuAccelerator_AgreeWithDouble(string variant) => Prove(AcceleratorKind.Cpu, variant, "cut");

    [SkippableTheory]
    [Trait(GpuProof.Trait, GpuProof.Suite)]
    [InlineData("EluCausal", "real,options,stream")]
    [InlineData("EluCross", "real,options,stream")]
    [InlineData("Lightning", "real,options,stream")]
    [InlineData("DecayPerHead", "backward-real,backward-options")]
    public void OnPoCl_AgreesWithDouble(string variant, string scenarios)
    {
        GpuProof.Require(OpenClTools.Find(), OpenClTools.Remedy);

        Prove(AcceleratorKind.PoCl, variant, scenarios);
    }

    /// <summary>Where there is a device, all of it runs there: nothing is asked for that machines without one could not be asked for.</summary>
    [SkippableTheory]
    [MemberData(nameof(Variants))]
    public void OnCudaDevice_AgreesWithDouble(string variant)
    {
        Skip.If(CudaDevices.Name is null, "there is no CUDA device");

        Prove(AcceleratorKind.Cuda, variant, "small,options,stream,refuse,real,backward,backward-options,backward-real,cut");
    }

    [SkippableTheory]
    [Trait(GpuProof.Trait, GpuProof.Suite)]
    [MemberData(nameof(Variants))]
    public void UnderOclgrind_IsRightAndClean(string variant)
    {
        GpuProof.Require(OpenClTools.Find(), OpenClTools.Remedy);

        AcceleratorRun run = Prove(AcceleratorKind.OclgrindOptimized, variant, "length=70,backward-length=70");

        OclgrindReport report = OclgrindReport.Parse(run.Process.Errors);
        Assert.True(report.IsClean, string.Join("\n", report.Findings.Take(5)));
    }

    private static AcceleratorRun Prove(AcceleratorKind accelerator, string variant, string scenarios)
    {
        AcceleratorRun run = AcceleratorProcess.Call(accelerator, typeof(GpuContract), nameof(GpuContract.Run), [variant, scenarios], _limit);

        Assert.True(run.Outcome == AcceleratorOutcome.Success, $"{run.Outcome}\n{run.Process.Output}\n{run.Process.Errors}");
        return run;
    }
}
