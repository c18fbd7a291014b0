using KernelGen.Gpu.Verification.Cuda;

namespace KernelGen.Gpu.Tests.Cuda;

public sealed class AssembledKernelTests
{
    private const string Report = """
        ptxas info    : 0 bytes gmem
        ptxas info    : Compiling entry function 'First' for 'sm_80'
        ptxas info    : Function properties for First
            24 bytes stack frame, 8 bytes spill stores, 16 bytes spill loads
        ptxas info    : Function properties for Called
            32 bytes stack frame, 4 bytes spill stores, 4 bytes spill loads
        ptxas info    : Used 255 registers, used 1 barriers, 49152 bytes smem, 404 bytes cmem[0]
        ptxas info    : Compiling entry function 'Second' for 'sm_90'
        ptxas info    : Function properties for Second
            0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
        ptxas info    : Used 25 registers
        """;

    [Fact]
    public void Report_TwoKernels_HaveTheirFigures()
    {
        AssembledKernel first = new()
        {
            Name = "First",
            Architecture = "sm_80",
            Registers = 255,
            StackBytes = 32,
            SpillStoreBytes = 12,
            SpillLoadBytes = 20,
            StaticSharedBytes = 49_152,
        };
        AssembledKernel second = new()
        {
            Name = "Second",
            Architecture = "sm_90",
            Registers = 25,
            StackBytes = 0,
            SpillStoreBytes = 0,
            SpillLoadBytes = 0,
            StaticSharedBytes = 0,
        };
        Assert.Equal([first, second], AssembledKernel.ParseReport(Report));
    }

    [Fact]
    public void Report_FiguresOfNoKernel_AreRefused() =>
        Assert.Throws<FormatException>(() => AssembledKernel.ParseReport("ptxas info    : Used 25 registers"));
}
