using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Verification.Offline;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>
/// Every variant as the PTX that CUDA would get, executed: right, free of races, of reads of what nobody wrote and of accesses out of bounds, which the machine reports as
/// faults; without bank conflicts; and each tensor touched once a slice of the values.
/// </summary>
public class PtxContractTests
{
    private const double Tolerance = 1e-5;
    private const double Conflicts = 1.1;

    public static TheoryData<string, bool> Variants
    {
        get
        {
            TheoryData<string, bool> data = [];
            foreach (GpuVariant variant in GpuVariant.All)
            {
                data.Add(variant.Name, true);
                data.Add(variant.Name, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_ExecutedPtx_AgreesWithDouble(string name, bool fused)
    {
        GpuVariant variant = GpuVariant.Of(name);
        GpuTraits traits = VariantKernels.Of(name);
        int seed = Environment.TickCount;
        GpuCase c = new(variant, batch: 1, length: 70, heads: 2, keyHeads: 2, keyLength: variant.Causal ? 70 : 83, seed, masked: true);
        (double[] o, double[] sums, _) = c.Expect(null, null);

        PtxRun run = PtxRun.Of(variant, traits, c, CudaTarget.Sm80, fused);

        Assert.True(GpuContract.Error(run.Outputs, o) <= Tolerance, $"seed {seed}: {GpuContract.Error(run.Outputs, o):E2}");
        Assert.True(GpuContract.Error(run.Sums, sums) <= Tolerance, $"seed {seed}: {GpuContract.Error(run.Sums, sums):E2}");
        Assert.All(run.Counters, counters => Assert.InRange(counters.SharedLoads.Ratio, 1, Conflicts));
    }

    [Theory]
    [InlineData("EluCausal")]
    [InlineData("Lightning")]
    [InlineData("EluWide")]
    public void Forward_WholeWords_TouchesEachTensorOnceASlice(string name)
    {
        GpuVariant variant = GpuVariant.Of(name);
        GpuTraits traits = VariantKernels.Of(name);
        GpuCase c = new(variant, batch: 1, length: 96, heads: 1, keyHeads: 1, keyLength: 96, Environment.TickCount, masked: false);

        PtxRun run = PtxRun.Of(variant, traits, c, CudaTarget.Sm80, fused: true);

        Assert.Equal(traits.Slices, run.Queries.ReadFactor);
        Assert.Equal(traits.Slices, run.Keys.ReadFactor);
        Assert.Equal(1, run.Values.ReadFactor);
        Assert.Equal(1, run.Written.WriteFactor);
    }
}
