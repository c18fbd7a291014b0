using KernelGen.Gpu.Tests.Runner;
using KernelGen.Gpu.Verification.Cuda;
using KernelGen.Gpu.Verification.Offline;
using KernelGen.Gpu.Verification.Sass;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>Machine code of the tensor cores' path.</summary>
public sealed class HalfSassTests(ITestOutputHelper output)
{
    /// <summary>Products of a warp, 16 x 64 sums and 64 steps, each of 16 x 8 and 16; with each 16 steps a matrix load of A and four of B.</summary>
    private const int Products = 32;
    private const int Loads = 20;

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            TheoryData<string, string, string> data = [];
            foreach (string form in HalfCase.Forms)
            {
                foreach (string architecture in new[] { "sm_80", "sm_90" })
                {
                    data.Add(form, nameof(Float16), architecture);
                    data.Add(form, nameof(BFloat16), architecture);
                }
            }

            return data;
        }
    }

    [SkippableTheory]
    [Trait(GpuProof.Trait, GpuProof.Suite)]
    [MemberData(nameof(Cases))]
    public void Product_MachineCode_IsTensorCores(string form, string format, string architecture)
    {
        CudaTools tools = GpuProof.Require(CudaTools.Find(), CudaTools.Remedy);
        using PtxCompiler compiler = new();
        PtxKernel kernel = compiler.Compile(
            new HalfCase(form, format, 64, 1).Kernel<OnTensorCore>(), HalfProduct.Threads, architecture == "sm_80" ? CudaTarget.Sm80 : CudaTarget.Sm90);

        PtxAssembly assembly = new PtxAssembler(tools).Assemble(kernel.Text, architecture);

        AssembledKernel figures = assembly.Kernel;
        Assert.Equal((0, 0, 0), (figures.SpillStoreBytes, figures.SpillLoadBytes, figures.StackBytes));
        SassMix all = assembly.Function.Mix;
        Assert.Equal((Products, Loads, 0), (all[SassKind.Hmma], all[SassKind.Ldsm], all[SassKind.Local]));

        // The rounding is one instruction for two numbers.
        Assert.Equal(16, assembly.Function.Code.Count(i => i.Name == "F2FP"));

        // From the loop's last barrier to its end: what multiplies. Half of it is products, or nearly; a load for each of the others would be 0.62.
        SassLoop loop = assembly.Function.Loops.Single(l => l.Mix[SassKind.Hmma] > 0);
        SassMix step = new(loop.Code.Skip(loop.Code.ToList().FindLastIndex(i => i.Kind == SassKind.Barrier) + 1));
        double share = (double)step[SassKind.Hmma] / step.Total;
        output.WriteLine($"{figures.Registers} registers, HMMA {share:F2} of {step}, {all[SassKind.Hmma] / (double)loop.Mix.Total:F2} of the loop");
        Assert.InRange(share, 0.38, 1);
        Assert.InRange(figures.Registers, 1, 128);
    }
}
