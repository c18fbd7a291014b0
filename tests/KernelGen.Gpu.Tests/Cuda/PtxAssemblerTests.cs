using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using KernelGen.Gpu.Tests.Runner;
using KernelGen.Gpu.Verification.Cuda;
using KernelGen.Gpu.Verification.Sass;

namespace KernelGen.Gpu.Tests.Cuda;

/// <summary>NVIDIA's own tools on PTX that ILGPU writes here, without a GPU.</summary>
[Trait(GpuProof.Trait, GpuProof.Suite)]
public sealed class PtxAssemblerTests
{
    public static TheoryData<string> Architectures => [.. ComputeCapability.All.Select(capability => capability.Architecture)];

    [SkippableTheory]
    [MemberData(nameof(Architectures))]
    public void Assemble_OfATiledKernel_HasItsFigures(string architecture)
    {
        PtxAssembly assembly = Assembler().Assemble(Ptx(nameof(ProofKernels.TiledProduct), architecture), architecture);
        AssembledKernel kernel = assembly.Kernel;
        Assert.Equal(architecture, kernel.Architecture);
        Assert.Equal(2 * ProofKernels.Tile * ProofKernels.Tile * sizeof(float), kernel.StaticSharedBytes);
        Assert.Equal((0, 0, 0), (kernel.StackBytes, kernel.SpillStoreBytes, kernel.SpillLoadBytes));
        Assert.InRange(kernel.Registers, 16, 64);
        Assert.Equal(kernel.Name, assembly.Function.Name);
        Assert.Equal(architecture, assembly.Function.Architecture);
    }

    [SkippableTheory]
    [MemberData(nameof(Architectures))]
    public void Assemble_OfATiledKernel_ListsItsLoop(string architecture)
    {
        SassFunction function = Assembler().Assemble(Ptx(nameof(ProofKernels.TiledProduct), architecture), architecture).Function;

        // The product over a tile is its only arithmetic: at least one multiply-add with its loads, unrolled or not.
        Assert.InRange(function.Mix[SassKind.Ffma], 1, 2 * ProofKernels.Tile);
        Assert.Equal(2, function.Mix[SassKind.Ldg]);
        Assert.Equal(2, function.Mix[SassKind.Sts]);
        Assert.Equal(1, function.Mix[SassKind.Stg]);
        Assert.Equal(2, function.Mix[SassKind.Barrier]);
        Assert.Equal(0, function.Mix[SassKind.Local]);
        SassLoop loop = Assert.Single(function.Loops);
        Assert.Equal(function.Mix[SassKind.Ffma], loop.Mix[SassKind.Ffma]);
        Assert.True(loop.Mix.SharedLoads128 > 0, loop.Mix.ToString());
    }

    [SkippableFact]
    public void Assemble_OfWhatIsNoPtx_HasTheToolsMessage()
    {
        ToolException error = Assert.Throws<ToolException>(() => Assembler().Assemble("nothing of the kind", "sm_80"));
        Assert.Contains(".version", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Assemble_ForATargetBelowTheTexts_IsRefused() =>
        Assert.Throws<ToolException>(() => Assembler().Assemble(Ptx(nameof(ProofKernels.Rotate), "sm_80"), "sm_70"));

    private static PtxAssembler Assembler() =>
        new(GpuProof.Require(CudaTools.Find(), CudaTools.Remedy));

    private static string Ptx(string method, string architecture)
    {
        (CudaArchitecture target, CudaInstructionSet set) = architecture switch
        {
            "sm_70" => (CudaArchitecture.SM_70, CudaInstructionSet.ISA_70),
            "sm_80" => (CudaArchitecture.SM_80, CudaInstructionSet.ISA_78),
            "sm_86" => (CudaArchitecture.SM_86, CudaInstructionSet.ISA_78),
            _ => (CudaArchitecture.SM_90, CudaInstructionSet.ISA_80),
        };
        using Context context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2));
        using PTXBackend backend = new(context, new CudaCapabilityContext(target), target, set, null);
        EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(typeof(ProofKernels).GetMethod(method)!);
        return ((PTXCompiledKernel)backend.Compile(entry, new KernelSpecialization(ProofKernels.Group, null))).PTXAssembly;
    }
}
