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
            SassLoop loop = assembly.Function.Loops.Where(l => l.Mix[SassKind.Hmma] > 0).MaxBy(l => l.Mix.Total)!;
            int first = loop.Code.ToList().FindIndex(i => i.Kind == SassKind.Hmma), last = loop.Code.ToList().FindLastIndex(i => i.Kind == SassKind.Hmma);
            SassMix products = new(loop.Code.Take(last + 1).Skip(first));
            output.WriteLine($"{phase.Name}: {kernel.Registers} registers, {kernel.SpillStoreBytes + kernel.SpillLoadBytes} spilt, {kernel.StackBytes} stack, {kernel.StaticSharedBytes} bytes shared, {loop.Mix[SassKind.Hmma]} HMMA of {loop.Mix.Total} in the loop, {(double)products[SassKind.Hmma] / products.Total:F2} from the first to the last; {products}");
            Assert.True((kernel.SpillStoreBytes, kernel.SpillLoadBytes, kernel.StackBytes, assembly.Function.Mix[SassKind.Local]) == (0, 0, 0, 0), $"{phase.Name}: {kernel}");
            Assert.InRange(kernel.StaticSharedBytes, 1, SharedLimit);
        }

        Assert.NotEmpty(phases);
    }
}
