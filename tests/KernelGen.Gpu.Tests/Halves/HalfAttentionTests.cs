using KernelGen.Gpu.Tests.Ptx;
using KernelGen.Gpu.Tests.Runner;
using KernelGen.Gpu.Verification.Cuda;
using KernelGen.Gpu.Verification.Offline;
using KernelGen.Gpu.Verification.Ptx;
using KernelGen.Gpu.Verification.Sass;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>A whole attention on tensor cores: that results are as good as their rounding where factors are split, and what the kernel takes.</summary>
public sealed class HalfAttentionTests(ITestOutputHelper output) : PtxRun(output)
{
    private const int Tokens = 192;
    private const double RoundingFactor = 1.1;
    private const int SharedLimit = 48 * 1024;

    public static TheoryData<string, bool, PtxMatrixSum> Cases => new()
    {
        { nameof(BFloat16), false, PtxMatrixSum.Nearest },
        { nameof(BFloat16), true, PtxMatrixSum.Truncated },
        { nameof(Float16), false, PtxMatrixSum.Truncated },
        { nameof(Float16), true, PtxMatrixSum.Nearest },
        { nameof(Float16), true, PtxMatrixSum.Truncated },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Attention_OfSplitFactors_IsAsGoodAsItsRounding(string format, bool isMapped, PtxMatrixSum kind)
    {
        HalfAttentionCase c = new(format, isMapped, Tokens, Random.Next());
        (ushort[] outputs, PtxCounters counters, double written) = Run(c, isSplit: true, kind);

        (double largest, double mean) = c.Ratios(outputs);
        Output.WriteLine($"largest error {largest:F4}, mean {mean:F4} of rounding's; shared loads {counters.SharedLoads.Ratio:F3}, stores {counters.SharedStores.Ratio:F3}; {counters.WarpInstructions} instructions");
        Assert.InRange(largest, 0, RoundingFactor);
        Assert.InRange(mean, 0, RoundingFactor);
        Assert.InRange(counters.SharedLoads.Ratio, 1, 1.1);
        Assert.InRange(counters.SharedStores.Ratio, 1, 1.1);
        Assert.Equal((1.0, 1.0), (counters.GlobalLoads.Ratio, counters.GlobalStores.Ratio));
        Assert.Equal(1.0, written);

        // Of four products 64 x 64 x 64 a chunk, each of 128 instructions a warp's worth: those of parts.
        int parts = c.AreKeysWhole ? 1 + 2 + 2 + 1 : format == nameof(BFloat16) ? 3 + 3 + 2 + 2 : 3 + 3 + 3 + 3;
        Assert.Equal(Tokens / 64 * 128 * parts, counters.MatrixProducts);
    }

    // Why factors are split: bfloat16's results get worse by a fifth. Those of float16 get worse by far, since its factors are bfloat16 too: float16 has not the range of scores
    // and states.
    [Theory]
    [InlineData(nameof(BFloat16), true)]
    [InlineData(nameof(Float16), true)]
    public void Attention_OfFactorsRoundedOnce_IsWorseThanItsRounding(string format, bool isMapped)
    {
        HalfAttentionCase c = new(format, isMapped, Tokens, Random.Next());
        (double largest, double mean) = c.Ratios(Run(c, isSplit: false, PtxMatrixSum.Nearest).Outputs);
        Output.WriteLine($"largest error {largest:F4}, mean {mean:F4} of rounding's");
        Assert.True(mean > RoundingFactor, $"{mean}");
    }

    [SkippableTheory]
    [Trait(GpuProof.Trait, GpuProof.Suite)]
    [InlineData(nameof(BFloat16), false, "sm_80")]
    [InlineData(nameof(BFloat16), true, "sm_80")]
    [InlineData(nameof(BFloat16), true, "sm_90")]
    [InlineData(nameof(Float16), true, "sm_80")]
    [InlineData(nameof(Float16), true, "sm_90")]
    public void Attention_MachineCode_SpillsNothing(string format, bool isMapped, string architecture)
    {
        CudaTools tools = GpuProof.Require(CudaTools.Find(), CudaTools.Remedy);
        PtxKernel kernel = Compile(new HalfAttentionCase(format, isMapped, 64, 1).Kernel(isSplit: true), HalfAttention.Threads, architecture == "sm_80" ? CudaTarget.Sm80 : CudaTarget.Sm90);

        PtxAssembly assembly = new PtxAssembler(tools).Assemble(kernel.Text, architecture);

        AssembledKernel figures = assembly.Kernel;
        List<SassInstruction> code = [.. assembly.Function.Code];
        int first = code.FindIndex(i => i.Kind == SassKind.Hmma), last = code.FindLastIndex(i => i.Kind == SassKind.Hmma);
        SassMix products = new(code.Take(last + 1).Skip(first));
        Output.WriteLine(
            $"{figures.Registers} registers, {figures.StaticSharedBytes} bytes shared, from the first HMMA to the last {(double)products[SassKind.Hmma] / products.Total:F2} of {products}; {assembly.Function.Mix.Total} in all");
        Assert.Equal((0, 0, 0, 0), (figures.SpillStoreBytes, figures.SpillLoadBytes, figures.StackBytes, assembly.Function.Mix[SassKind.Local]));
        Assert.InRange(figures.StaticSharedBytes, 1, SharedLimit);

        // Two blocks of a multiprocessor's 65,536 registers at the least; 168 would be three.
        Assert.InRange(figures.Registers, 1, 184);
    }

    private static (ushort[] Outputs, PtxCounters Counters, double Written) Run(HalfAttentionCase c, bool isSplit, PtxMatrixSum kind)
    {
        PtxMachine machine = Machine(c.Kernel(isSplit), HalfAttention.Threads, new PtxOptions { MatrixSum = kind });
        DeviceArray q = machine.Upload(c.Q), k = machine.Upload(c.K), v = machine.Upload(c.V), o = machine.Allocate<ushort>(c.Q.Length);
        PtxCounters counters = machine.Launch(1, HalfAttention.Threads, Words(q), Words(k), Words(v), Words(o), Tokens);
        return (o.ToArray<ushort>(), counters, o.Traffic.WriteFactor);
    }

    private static DeviceView Words(DeviceArray array) => new(array.Address, array.ByteLength / 16);
}
