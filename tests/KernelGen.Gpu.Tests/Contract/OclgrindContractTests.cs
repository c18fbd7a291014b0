using KernelGen.Gpu.Tests.Runner;
using KernelGen.Gpu.Verification.OpenCl;
using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>Every variant under oclgrind: right, and without races, accesses out of bounds, reads of what nobody wrote, and divergent barriers.</summary>
public class OclgrindContractTests
{
    public static TheoryData<string> Variants => ContractProof.Variants;

    [SkippableTheory]
    [Trait(GpuProof.Trait, GpuProof.Suite)]
    [MemberData(nameof(Variants))]
    public void UnderOclgrind_IsRightAndClean(string variant)
    {
        GpuProof.Require(OpenClTools.Find(), OpenClTools.Remedy);

        AcceleratorRun run = ContractProof.Prove(AcceleratorKind.OclgrindOptimized, variant, "length=70,backward-length=70");

        OclgrindReport report = OclgrindReport.Parse(run.Process.Errors);
        Assert.True(report.IsClean, string.Join("\n", report.Findings.Take(5)));
    }
}
