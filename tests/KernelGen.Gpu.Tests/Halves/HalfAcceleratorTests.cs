using System.Globalization;
using KernelGen.Gpu.Tests.Runner;
using KernelGen.Gpu.Verification.OpenCl;
using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>16-bit numbers and products where there are no tensor cores.</summary>
public sealed class HalfAcceleratorTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    [Fact]
    public void Product_OnCpuAccelerator_AgreesWithDouble() => Prove(AcceleratorKind.Cpu, nameof(HalfProductRun), 128);

    [Fact]
    public void Words_OnCpuAccelerator_AreTheReference() => Prove(AcceleratorKind.Cpu, nameof(HalfWordsRun), 128);

    [SkippableTheory]
    [Trait(GpuProof.Trait, GpuProof.Suite)]
    [InlineData(AcceleratorKind.PoCl, nameof(HalfProductRun), 128)]
    [InlineData(AcceleratorKind.PoCl, nameof(HalfWordsRun), 8192)]
    [InlineData(AcceleratorKind.OclgrindOptimized, nameof(HalfProductRun), 64)]
    public void OnOpenCl_IsRightAndClean(AcceleratorKind accelerator, string run, int size)
    {
        GpuProof.Require(OpenClTools.Find(), OpenClTools.Remedy);
        AcceleratorRun ended = Prove(accelerator, run, size);
        OclgrindReport report = OclgrindReport.Parse(ended.Process.Errors);
        Assert.True(report.IsClean, report.ToString());
    }

    private static AcceleratorRun Prove(AcceleratorKind accelerator, string type, int size)
    {
        string assembly = typeof(HalfAcceleratorTests).Assembly.Location, seed = Environment.TickCount.ToString(CultureInfo.InvariantCulture);
        AcceleratorRun run = AcceleratorProcess.Call(
            accelerator, assembly, $"KernelGen.Gpu.Tests.Halves.{type}", "Run", [size.ToString(CultureInfo.InvariantCulture), seed], _limit);
        Assert.True(run.Outcome == AcceleratorOutcome.Success, $"seed {seed}: {run}");
        return run;
    }
}
