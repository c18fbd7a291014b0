using KernelGen.Gpu;
using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Tests.Contract;
using KernelGen.Gpu.Verification.Cuda;
using KernelGen.Gpu.Verification.Offline;
using KernelGen.Gpu.Verification.Ptx;
using KernelGen.Gpu.Verification.Sass;

namespace KernelGen.Benchmarks.Gpu;

/// <summary>The figures of a 16-bit variant's kernels for tensor cores.</summary>
internal static class GpuTensorFigures
{
    public static IEnumerable<(string Name, double Value)> Of(GpuVariant variant, GpuModel gpu, PtxAssembler assembler, GpuCase call)
    {
        if (variant.Format == GpuFormat.Single)
            yield break;
        string architecture = gpu.Capability.Architecture;
        CudaTarget target = architecture == "sm_90" ? CudaTarget.Sm90 : CudaTarget.Sm80;
        GpuTraits traits = VariantKernels.OnTensorCores(variant.Name);
        PtxRun run = PtxRun.Of(variant, traits, call, target, fused: false);
        PtxBackwardRun backward = PtxBackwardRun.Of(variant, traits, call, target, fused: false);
        foreach (GpuPhase phase in VariantKernels.Of(variant.Name).Forward.Concat(VariantKernels.Of(variant.Name).Backward).Select(p => p.OnTensorCores).OfType<GpuPhase>())
        {
            string row = $"gpu.{architecture}.{variant.Name}.{phase.Name}.tensor.";
            PtxAssembly assembly = assembler.Assemble(VariantKernels.Compiler.Compile(phase.Method, phase.Specialization, target).Text, architecture);
            AssembledKernel kernel = assembly.Kernel;
            List<SassInstruction> code = [.. assembly.Function.Code];
            SassMix all = assembly.Function.Mix, products = new(code.Take(code.FindLastIndex(IsProduct) + 1).Skip(code.FindIndex(IsProduct)));
            PtxCounters counters = backward.Counters.TryGetValue(phase.Name, out PtxCounters? counted) ? counted : run.Counters[traits.Forward.ToList().FindIndex(p => p.Name == phase.Name)];
            yield return (row + "registers", kernel.Registers);
            yield return (row + "spill_bytes", kernel.SpillStoreBytes + kernel.SpillLoadBytes);
            yield return (row + "stack_bytes", kernel.StackBytes);
            yield return (row + "shared_bytes", kernel.StaticSharedBytes);
            yield return (row + "occupancy", Occupancy.Of(gpu.Capability, phase.Threads, kernel.Registers, kernel.StaticSharedBytes).Fraction);
            yield return (row + "hmma", all[SassKind.Hmma]);
            yield return (row + "hmma_per_matrix_load", (double)all[SassKind.Hmma] / all[SassKind.Ldsm]);

            // Of what lies from the first product to the last, with the maps and results between them.
            yield return (row + "hmma_share", (double)products[SassKind.Hmma] / products.Total);
            yield return (row + "shared_wavefronts_over_minimum", (double)(counters.SharedLoads.Units + counters.SharedStores.Units) / (counters.SharedLoads.LeastUnits + counters.SharedStores.LeastUnits));
            yield return (row + "sectors_over_minimum", (double)(counters.GlobalLoads.Units + counters.GlobalStores.Units) / (counters.GlobalLoads.LeastUnits + counters.GlobalStores.LeastUnits));
        }

        static bool IsProduct(SassInstruction instruction) => instruction.Kind == SassKind.Hmma;
    }
}
