using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Tests.Contract;
using KernelGen.Gpu.Verification.Offline;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Tensors;

/// <summary>
/// Kernels whose products are tensor cores', as the PTX that CUDA would get, executed: results as good as the rounding of exact ones, no races, no bank conflicts, and products
/// that are tensor cores'.
/// </summary>
public sealed class TensorContractTests(ITestOutputHelper output)
{
    private const double Tolerance = GpuContract.Tolerance;
    private const double StateTolerance = GpuContract.TensorTolerance;
    private const double Conflicts = 1.1;

    public static TheoryData<string, PtxMatrixSum> Variants => TensorVariants.BySum;

    public static TheoryData<string> Names => [.. TensorVariants.Names];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_ExecutedPtx_IsAsGoodAsItsRounding(string name, PtxMatrixSum sum)
    {
        GpuVariant variant = GpuVariant.Of(name);
        GpuTraits traits = VariantKernels.OnTensorCores(name);
        int seed = Environment.TickCount;
        GpuCase c = new(variant, batch: 1, length: 70, heads: 2, keyHeads: 2, keyLength: variant.Causal ? 70 : 83, seed, masked: true);
        (double[] o, double[] sums, _) = c.Expect(null, null);

        PtxRun run = PtxRun.Of(variant, traits, c, CudaTarget.Sm80, fused: true, sum);

        output.WriteLine($"seed {seed}: outputs {variant.Error(run.Outputs, o) / Tolerance:F4} of what may be, state {GpuContract.Error(run.Sums, sums):E2}");
        Assert.True(variant.Error(run.Outputs, o) <= Tolerance, $"seed {seed}: {variant.Error(run.Outputs, o):E2}");
        Assert.True(GpuContract.Error(run.Sums, sums) <= StateTolerance, $"seed {seed}: {GpuContract.Error(run.Sums, sums):E2}");
        Assert.All(traits.Forward.Zip(run.Counters), phase => Check(phase.First.Name, phase.Second));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_ExecutedPtx_IsAsGoodAsItsRounding(string name, PtxMatrixSum sum)
    {
        GpuVariant variant = GpuVariant.Of(name);
        int seed = Environment.TickCount;
        GpuCase c = new(variant, batch: 1, length: 70, heads: 2, keyHeads: 2, keyLength: variant.Causal ? 70 : 83, seed, masked: true);
        GpuExpectedGradients want = c.ExpectGradients(null, null, null, null);

        PtxBackwardRun run = PtxBackwardRun.Of(variant, VariantKernels.OnTensorCores(name), c, CudaTarget.Sm80, fused: true, sum);

        // Gradients of keys and values are single here, and are rounded once the heads of a group are added.
        (string Name, double Error)[] errors =
        [
            ("dq", variant.Error(run.Dq, want.Dq)),
            ("dk", variant.Error([.. run.Dk.Select(variant.Rounded)], want.Dk)),
            ("dv", variant.Error([.. run.Dv.Select(variant.Rounded)], want.Dv)),
            ("dS", GpuContract.Error(run.Sums, want.Sums) * (Tolerance / StateTolerance)),
        ];
        output.WriteLine($"seed {seed}: {string.Join(", ", errors.Select(e => $"{e.Name} {e.Error / Tolerance:F4}"))} of what may be");
        Assert.All(errors, e => Assert.True(e.Error <= Tolerance, $"seed {seed}: {e.Name} {e.Error:E2}"));
        Assert.All(run.Counters, phase => Check(phase.Key, phase.Value));
    }

    // A lone token's weights cancel: what is left of dq and dk is what factors lack, to be held against dv.
    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_LoneToken_CancelsToWhatFactorsLack(string name)
    {
        GpuVariant variant = GpuVariant.Of(name);
        int seed = Environment.TickCount;
        GpuCase c = new(variant, batch: 1, length: 1, heads: 1, keyHeads: 1, keyLength: 1, seed, masked: false);
        GpuExpectedGradients want = c.ExpectGradients(null, null, null, null);

        PtxBackwardRun run = PtxBackwardRun.Of(variant, VariantKernels.OnTensorCores(name), c, CudaTarget.Sm80, fused: true);

        double least = want.Dv.Max(Math.Abs);
        (double dq, double dk) = (variant.Error(run.Dq, want.Dq, least, StateTolerance), variant.Error([.. run.Dk.Select(variant.Rounded)], want.Dk, least, StateTolerance));
        Assert.True(Math.Max(dq, dk) <= Tolerance, $"seed {seed}: dq {dq:E2}, dk {dk:E2}");
    }

    private void Check(string phase, PtxCounters counters)
    {
        output.WriteLine($"{phase}: {counters.MatrixProducts} products; shared loads {counters.SharedLoads.Ratio:F3}, stores {counters.SharedStores.Ratio:F3}; sectors read {counters.GlobalLoads.Ratio:F3}, written {counters.GlobalStores.Ratio:F3}");
        Assert.True(counters.MatrixProducts > 0, phase);
        Assert.True(counters.SharedLoads.Ratio <= Conflicts, $"{phase}: {counters.SharedLoads.Ratio:F3}");
    }
}
