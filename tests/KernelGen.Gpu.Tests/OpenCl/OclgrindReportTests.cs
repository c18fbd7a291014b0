using KernelGen.Gpu.Verification.OpenCl;

namespace KernelGen.Gpu.Tests.OpenCl;

public sealed class OclgrindReportTests
{
    private const string Location = "\tKernel: K\n\tEntity: Global(0,0,0) Local(0,0,0) Group(0,0,0)\n\t  store float %1, float addrspace(1)* %2, align 4\n\t\n";

    [Theory]
    [InlineData("Read-write data race at local memory address 0x1000000000004", OclgrindFault.DataRace)]
    [InlineData("Write-write data race at global memory address 0x1000000000004", OclgrindFault.DataRace)]
    [InlineData("Invalid read of size 4 at global memory address 0x1000000000200", OclgrindFault.InvalidRead)]
    [InlineData("Invalid write of size 16 at local memory address 0x1000000000100", OclgrindFault.InvalidWrite)]
    [InlineData("Uninitialized value written to global memory address 0x2000000000000", OclgrindFault.UninitializedValue)]
    [InlineData("Controlflow depends on uninitialized value", OclgrindFault.UninitializedValue)]
    [InlineData("Work-group divergence detected (barrier)", OclgrindFault.BarrierDivergence)]
    [InlineData("Something new", OclgrindFault.Other)]
    public void Report_OfOneMessage_KnowsIt(string head, OclgrindFault fault)
    {
        OclgrindFinding finding = Assert.Single(OclgrindReport.Parse($"\n{head}\n{Location}\n").Findings);
        Assert.Equal(fault, finding.Fault);
        Assert.StartsWith(head, finding.Text, StringComparison.Ordinal);
        Assert.EndsWith("align 4", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfSeveralMessages_HasEach()
    {
        string race = "\nRead-write data race at local memory address 0x4\n\tKernel: K\n\t\n\tFirst entity:  Global(1,0,0)\n\t\n\tSecond entity: Global(0,0,0)\n\t\n";
        OclgrindReport report = OclgrindReport.Parse(race + $"\nInvalid read of size 4 at 0x0\n{Location}" + race);
        Assert.Equal([OclgrindFault.DataRace, OclgrindFault.InvalidRead, OclgrindFault.DataRace], report.Findings.Select(finding => finding.Fault));
        Assert.Contains("Second entity", report.Findings[0].Text, StringComparison.Ordinal);
        Assert.True(report.Has(OclgrindFault.DataRace));
        Assert.False(report.Has(OclgrindFault.InvalidWrite));
        Assert.StartsWith("3 findings\n[DataRace] Read-write", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfAKernelGivenUp_IsNotClean()
    {
        OclgrindReport report = OclgrindReport.Parse($"\nOCLGRIND FATAL ERROR (./src/plugins/Uninitialized.cpp:1805)\nUnsupported instruction: freeze\n{Location}");
        OclgrindFinding finding = Assert.Single(report.Findings);
        Assert.Equal(OclgrindFault.Unsupported, finding.Fault);
        Assert.Contains("freeze", finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("CLException: no such device\n   at Runner\n")]
    public void Report_OfOthersLines_IsClean(string errors) => Assert.True(OclgrindReport.Parse(errors).IsClean);
}
