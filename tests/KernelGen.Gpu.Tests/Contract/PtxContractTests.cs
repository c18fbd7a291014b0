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

        Assert.True(variant.Error(run.Outputs, o) <= Tolerance, $"seed {seed}: {variant.Error(run.Outputs, o):E2}");
        Assert.True(GpuContract.Error(run.Sums, sums) <= Tolerance, $"seed {seed}: {GpuContract.Error(run.Sums, sums):E2}");
        Assert.All(run.Counters, counters => Assert.InRange(counters.SharedLoads.Ratio, 1, Conflicts));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_ExecutedPtx_AgreesWithDouble(string name, bool fused)
    {
        GpuVariant variant = GpuVariant.Of(name);
        int seed = Environment.TickCount;
        GpuCase c = new(variant, batch: 1, length: 70, heads: 2, keyHeads: 2, keyLength: variant.Causal ? 70 : 83, seed, masked: true);
        GpuExpectedGradients want = c.ExpectGradients(null, null, null, null);

        PtxBackwardRun run = PtxBackwardRun.Of(variant, VariantKernels.Of(name), c, CudaTarget.Sm80, fused);

        Assert.True(variant.Error(run.Dq, want.Dq) <= Tolerance, $"seed {seed}: dq {variant.Error(run.Dq, want.Dq):E2}");
        Assert.True(GpuContract.Error(run.Dk, want.Dk) <= Tolerance, $"seed {seed}: dk {GpuContract.Error(run.Dk, want.Dk):E2}");
        Assert.True(GpuContract.Error(run.Dv, want.Dv) <= Tolerance, $"seed {seed}: dv {GpuContract.Error(run.Dv, want.Dv):E2}");
        Assert.True(GpuContract.Error(run.Sums, want.Sums) <= Tolerance, $"seed {seed}: dS {GpuContract.Error(run.Sums, want.Sums):E2}");
        Assert.All(run.Counters, counters => Assert.True(counters.Value.SharedLoads.Ratio <= Conflicts, $"{counters.Key}: {counters.Value.SharedLoads.Ratio:F3}"));
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

        Assert.Equal(traits.Forward[0].Slices, run.Queries.ReadFactor);
        Assert.Equal(traits.Forward[0].Slices, run.Keys.ReadFactor);
        Assert.Equal(1, run.Values.ReadFactor);
        Assert.Equal(1, run.Written.WriteFactor);
    }
}
