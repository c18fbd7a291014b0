using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Tests.Runner;
using KernelGen.Gpu.Verification.Cuda;
using KernelGen.Gpu.Verification.Offline;
using KernelGen.Gpu.Verification.Sass;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>Every variant's machine code: nothing spilt, within 48 KiB, and loops of products that are products.</summary>
public class SassContractTests
{
    private const int SharedLimit = 48 * 1024;

    /// <summary>A loop of a product has 512 multiply-adds; those of maps and sums have a few.</summary>
    private const int HotProducts = 256;

    public static TheoryData<string, string> Variants
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (GpuVariant variant in GpuVariant.All)
            {
                data.Add(variant.Name, "sm_80");
                data.Add(variant.Name, "sm_90");
            }

            // Volta has no asynchronous copies, the consumer's Ampere half the threads: that kernels fit there too is shown of the two that are nearest the limits.
            foreach (string name in new[] { "EluCausal", "EluHalf" })
            {
                data.Add(name, "sm_70");
                data.Add(name, "sm_86");
            }

            return data;
        }
    }

    [SkippableTheory]
    [Trait(GpuProof.Trait, GpuProof.Suite)]
    [MemberData(nameof(Variants))]
    public void MachineCode_SpillsNothingAndMultiplies(string name, string architecture)
    {
        CudaTools tools = GpuProof.Require(CudaTools.Find(), CudaTools.Remedy);
        PtxCompiler compiler = VariantKernels.Compiler;
        CudaTarget target = Enum.Parse<CudaTarget>("Sm" + architecture["sm_".Length..]);

        foreach (GpuPhase phase in VariantKernels.Of(name).Phases)
        {
            PtxAssembly assembly = new PtxAssembler(tools).Assemble(compiler.Compile(phase.Method, phase.Specialization, target).Text, architecture);

            AssembledKernel kernel = assembly.Kernel;
            Assert.True((kernel.SpillStoreBytes, kernel.SpillLoadBytes, kernel.StackBytes) == (0, 0, 0), $"{phase.Name}: {kernel}");
            Assert.InRange(kernel.StaticSharedBytes, 1, SharedLimit);
            SassLoop[] hot = [.. assembly.Function.Loops.Where(loop => loop.Mix[SassKind.Ffma] >= HotProducts)];
            Assert.NotEmpty(hot);
            Assert.All(hot, loop => Assert.True(loop.Mix.FfmaShare >= 0.80, $"{phase.Name} at {loop.Address:x}: share {loop.Mix.FfmaShare:F3}"));
            Assert.All(hot, loop => Assert.True(loop.Mix.FfmaPerSharedLoad128 >= 10, $"{phase.Name} at {loop.Address:x}: {loop.Mix.FfmaPerSharedLoad128:F1} a load"));
        }
    }
}
