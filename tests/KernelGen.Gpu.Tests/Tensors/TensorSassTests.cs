using KernelGen.Gpu.Tests.Contract;
using KernelGen.Gpu.Tests.Runner;
using KernelGen.Gpu.Verification.Cuda;
using KernelGen.Gpu.Verification.Offline;
using KernelGen.Gpu.Verification.Sass;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Tensors;

/// <summary>Machine code of kernels for tensor cores: nothing spilt, within 48 KiB, and products that are HMMA instructions.</summary>
public sealed class TensorSassTests(ITestOutputHelper output)
{
    private const int SharedLimit = 48 * 1024;

    /// <summary>Fewer multiply-adds than a product's loop has without tensor cores, more than any map's.</summary>
    private const int PlainProducts = 256;

    public static TheoryData<string, string> Variants
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string name in TensorVariants.Names)
            {
                data.Add(name, "sm_80");
                data.Add(name, "sm_90");
            }

            return data;
        }
    }

    [SkippableTheory]
    [Trait(GpuProof.Trait, GpuProof.Suite)]
    [MemberData(nameof(Variants))]
    public void MachineCode_SpillsNothingAndMultipliesOnTensorCores(string name, string architecture)
    {
        CudaTools tools = GpuProof.Require(CudaTools.Find(), CudaTools.Remedy);
        CudaTarget target = architecture == "sm_80" ? CudaTarget.Sm80 : CudaTarget.Sm90;
        GpuPhase[] phases = [.. VariantKernels.Of(name).Phases.Select(p => p.OnTensorCores).OfType<GpuPhase>()];
        foreach (GpuPhase phase in phases)
        {
            PtxAssembly assembly = new PtxAssembler(tools).Assemble(VariantKernels.Compiler.Compile(phase.Method, phase.Specialization, target).Text, architecture);

            AssembledKernel kernel = assembly.Kernel;
            List<SassInstruction> code = [.. assembly.Function.Code];
            SassMix all = assembly.Function.Mix, products = new(code.Take(code.FindLastIndex(IsProduct) + 1).Skip(code.FindIndex(IsProduct)));
            output.WriteLine($"{phase.Name}: {kernel.Registers} registers, {kernel.StaticSharedBytes} bytes shared, {all[SassKind.Hmma]} HMMA of {all.Total}, {(double)products[SassKind.Hmma] / products.Total:F2} from the first to the last; {products}");
            Assert.True((kernel.SpillStoreBytes, kernel.SpillLoadBytes, kernel.StackBytes, assembly.Function.Mix[SassKind.Local]) == (0, 0, 0, 0), $"{phase.Name}: {kernel}");
            Assert.InRange(kernel.StaticSharedBytes, 1, SharedLimit);

            // Sixteen steps of 16 x 16 whole sums, the least that a unit has, are two products of two loads; with more columns A's are shared, with rests a load serves three products.
            Assert.True(all[SassKind.Hmma] >= all[SassKind.Ldsm] && all[SassKind.Ldsm] > 0, $"{phase.Name}: {all}");
            Assert.DoesNotContain(assembly.Function.Loops, loop => loop.Mix[SassKind.Ffma] >= PlainProducts);
        }

        Assert.NotEmpty(phases);
    }

    private static bool IsProduct(SassInstruction instruction) => instruction.Kind == SassKind.Hmma;
}
