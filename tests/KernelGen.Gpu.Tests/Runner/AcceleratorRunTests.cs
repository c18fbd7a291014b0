using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.Runner;

public sealed class AcceleratorRunTests
{
    [Theory]
    [InlineData(0, "Index out of range", false, AcceleratorOutcome.Success)]
    [InlineData(1, "Index out of range", false, AcceleratorOutcome.Failure)]
    [InlineData(134, "Assertion Failed\nIndex out of range\n", false, AcceleratorOutcome.BoundsFault)]
    [InlineData(134, "Unhandled exception", false, AcceleratorOutcome.Crash)]
    [InlineData(139, "", false, AcceleratorOutcome.Crash)]
    [InlineData(-1073741819, "", false, AcceleratorOutcome.Crash)]
    [InlineData(137, "", true, AcceleratorOutcome.TimeOut)]
    public void Run_OfAnEnd_IsClassified(int exitCode, string errors, bool hasTimedOut, AcceleratorOutcome outcome) =>
        Assert.Equal(outcome, AcceleratorRun.Of(new ChildProcess(exitCode, "", errors, TimeSpan.Zero, hasTimedOut)).Outcome);

    [Theory]
    [InlineData("device: CPUAccelerator\nmore", "CPUAccelerator")]
    [InlineData("more\ndevice: CPUAccelerator\n", null)]
    [InlineData("", null)]
    public void Run_NamesItsDevice_InTheFirstLine(string output, string? device) =>
        Assert.Equal(device, AcceleratorRun.Of(new ChildProcess(0, output, "", TimeSpan.Zero, false)).Device);
}
