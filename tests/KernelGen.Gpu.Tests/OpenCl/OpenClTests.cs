using KernelGen.Gpu.Tests.Runner;
using KernelGen.Gpu.Verification.OpenCl;
using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.OpenCl;

/// <summary>PoCL and oclgrind: that correct kernels pass, and that each seeded fault is found by the tool that is there to find it.</summary>
[Trait(GpuProof.Trait, GpuProof.Suite)]
public sealed class OpenClTests
{
    [SkippableTheory]
    [InlineData(AcceleratorKind.PoCl, 64)]
    [InlineData(AcceleratorKind.Oclgrind, 16)]
    public void Launch_OfACorrectKernel_AgreesWithDoublePrecision(AcceleratorKind accelerator, int n)
    {
        Require();
        AcceleratorRun run = ProofCases.Product(accelerator, n);
        OclgrindReport report = OclgrindReport.Parse(run.Process.Errors);
        Assert.True(report.IsClean, report.ToString());
    }

    [SkippableTheory]
    [InlineData(AcceleratorKind.PoCl)]
    [InlineData(AcceleratorKind.Oclgrind)]
    [InlineData(AcceleratorKind.OclgrindOptimized)]
    public void Launch_OfTwoGroups_RunsBoth(AcceleratorKind accelerator)
    {
        Require();
        (AcceleratorRun run, float[]? target) = ProofCases.Copy(accelerator, nameof(ProofKernels.Rotate));
        Assert.True(run.Outcome == AcceleratorOutcome.Success, run.ToString());
        Assert.Equal(ProofCases.Rotated(), target);
        OclgrindReport report = OclgrindReport.Parse(run.Process.Errors);
        Assert.True(report.IsClean, report.ToString());
    }

    [SkippableTheory]
    [InlineData(nameof(ProofKernels.RotateWithoutBarrier), OclgrindFault.DataRace)]
    [InlineData(nameof(ProofKernels.ReadPastEnd), OclgrindFault.InvalidRead)]
    [InlineData(nameof(ProofKernels.WritePastEnd), OclgrindFault.InvalidWrite)]
    [InlineData(nameof(ProofKernels.WritePastShared), OclgrindFault.InvalidWrite)]
    [InlineData(nameof(ProofKernels.ReadUninitializedShared), OclgrindFault.UninitializedValue)]
    [InlineData(nameof(ProofKernels.AddToOutput), OclgrindFault.UninitializedValue)]
    [InlineData(nameof(ProofKernels.DivergentBarrier), OclgrindFault.BarrierDivergence)]
    public void Oclgrind_OfASeededFault_FindsIt(string method, OclgrindFault fault)
    {
        Require();
        (AcceleratorRun run, _) = ProofCases.Copy(AcceleratorKind.Oclgrind, method);
        Assert.True(run.Outcome == AcceleratorOutcome.Success, run.ToString());
        OclgrindReport report = OclgrindReport.Parse(run.Process.Errors);
        Assert.True(report.Has(fault), report.ToString());
        Assert.False(report.Has(OclgrindFault.Unsupported), report.ToString());
    }

    [SkippableFact]
    public void OclgrindOptimized_OfAMissingBarrier_FindsTheRace()
    {
        Require();
        (AcceleratorRun run, _) = ProofCases.Copy(AcceleratorKind.OclgrindOptimized, nameof(ProofKernels.RotateWithoutBarrier));
        OclgrindReport report = OclgrindReport.Parse(run.Process.Errors);
        Assert.True(report.Has(OclgrindFault.DataRace), report.ToString());
    }

    [SkippableFact]
    public void Oclgrind_OfOneOverrun_FindsNothingElse()
    {
        Require();
        (AcceleratorRun run, _) = ProofCases.Copy(AcceleratorKind.Oclgrind, nameof(ProofKernels.WritePastEnd));
        OclgrindFinding finding = Assert.Single(OclgrindReport.Parse(run.Process.Errors).Findings);
        Assert.Contains("Global(127,0,0)", finding.Text, StringComparison.Ordinal);
    }

    private static void Require() => GpuProof.Require(OpenClTools.Find(), OpenClTools.Remedy);
}
