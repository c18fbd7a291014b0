using KernelGen.Gpu.Tests.Ptx;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>The tensor cores' path as the PTX that CUDA would get, executed.</summary>
public sealed class HalfProductPtxTests(ITestOutputHelper output) : PtxRun(output)
{
    private const int Depth = 128;
    private const double Tolerance = 1e-5;
    private const double RoundingFactor = 1.1;
    private const double Conflicts = 1.1;

    public static TheoryData<string, string, PtxMatrixSum> Cases
    {
        get
        {
            TheoryData<string, string, PtxMatrixSum> data = [];
            foreach (string form in HalfCase.Forms)
            {
                foreach (string format in HalfCase.Formats)
                {
                    data.Add(form, format, PtxMatrixSum.Nearest);
                    data.Add(form, format, PtxMatrixSum.Truncated);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Product_ExecutedPtx_AgreesWithDouble(string form, string format, PtxMatrixSum kind)
    {
        HalfCase c = new(form, format, Depth, Random.Next());
        PtxMachine machine = Machine(c.Kernel<OnTensorCore>(), HalfProduct.Threads, new PtxOptions { MatrixSum = kind });
        DeviceArray a = machine.Upload(c.A), b = machine.Upload(c.B), sums = machine.Upload(c.C), rounded = machine.Allocate<int>(c.C.Length / 2);

        PtxCounters counters = machine.Launch(
            1, HalfProduct.Threads, new DeviceView(a.Address, a.ByteLength / 16), new DeviceView(b.Address, b.ByteLength / 16), new DeviceView(sums.Address, sums.Length / 2), rounded, Depth);

        double error = c.Error(sums.ToArray<float>()), ratio = c.RoundedRatio(rounded.ToArray<int>());
        Output.WriteLine($"error {error:E2}, rounded {ratio:F4}, shared loads {counters.SharedLoads.Ratio:F3}, stores {counters.SharedStores.Ratio:F3}");
        Assert.InRange(error, 0, Tolerance);
        Assert.InRange(ratio, 0, RoundingFactor);
        Assert.InRange(counters.SharedLoads.Ratio, 1, Conflicts);
        Assert.InRange(counters.SharedStores.Ratio, 1, Conflicts);

        // Four threads store a sector of sums, but half a sector of 16-bit results.
        Assert.Equal((1.0, 1.0, 2.0), (counters.GlobalLoads.Ratio, sums.Traffic.WriteFactor, rounded.Traffic.WriteFactor));

        // 16 x 8 sums and 16 steps a product.
        Assert.Equal(HalfProduct.Size * HalfProduct.Size * Depth / (16 * 8 * 16), counters.MatrixProducts);
    }

    [Theory]
    [InlineData(nameof(Plain))]
    [InlineData(nameof(BothTransposed))]
    public void Text_OfEitherUnit_HasNothingOfTheOther(string form)
    {
        HalfCase c = new(form, nameof(Float16), 64, 1);
        string onTensorCore = Compile(c.Kernel<OnTensorCore>(), HalfProduct.Threads).Text;
        string onThreads = Compile(c.Kernel<OnThreads>(), HalfProduct.Threads).Text;

        Assert.Contains("mma.sync.aligned.m16n8k16", onTensorCore, StringComparison.Ordinal);
        Assert.Contains("ldmatrix.sync.aligned", onTensorCore, StringComparison.Ordinal);
        Assert.DoesNotContain("ld.shared", onTensorCore, StringComparison.Ordinal);
        Assert.DoesNotContain("mma.sync", onThreads, StringComparison.Ordinal);
        Assert.DoesNotContain("ldmatrix", onThreads, StringComparison.Ordinal);
        Assert.DoesNotContain(".local", onThreads, StringComparison.Ordinal);
    }

    // The name that TensorCore.SharedAddress relies on.
    [Fact]
    public void SharedMemory_HasTheNameThatItsAddressIsAskedBy()
    {
        string text = Compile(new HalfCase(nameof(Plain), nameof(Float16), 64, 1).Kernel<OnTensorCore>(), HalfProduct.Threads).Text;

        Assert.Contains(".shared .align 16 .b8 __shared_alloca0[16384];", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split(".shared .align").Length);
    }
}
