using KernelGen.Gpu;
using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Tests.Contract;
using KernelGen.Gpu.Verification.Cuda;
using KernelGen.Gpu.Verification.Offline;
using KernelGen.Gpu.Verification.Ptx;
using KernelGen.Gpu.Verification.Sass;

namespace KernelGen.Benchmarks.Gpu;

/// <summary>The figures of one variant for one GPU.</summary>
internal static class GpuFigures
{
    private const int Tokens = 128;

    /// <summary>A loop of a product has 512 multiply-adds; those of maps and sums have a few.</summary>
    private const int HotProducts = 256;

    public static IEnumerable<(string Name, double Value)> Of(GpuVariant variant, GpuModel gpu, PtxAssembler assembler)
    {
        bool isHopper = gpu.Capability.Architecture == "sm_90";
        CudaTarget target = isHopper ? CudaTarget.Sm90 : CudaTarget.Sm80;
        GpuTraits traits = VariantKernels.Of(variant.Name);
        GpuCase call = new(variant, batch: 1, Tokens, heads: 1, keyHeads: 1, Tokens, seed: 1, masked: false);
        PtxRun run = PtxRun.Of(variant, traits, call, target, fused: false);
        using PtxCompiler compiler = new();
        PtxBackwardRun backward = PtxBackwardRun.Of(variant, traits, call, target, fused: false);
        foreach (GpuPhase phase in traits.Forward.Concat(traits.Backward))
        {
            string row = $"gpu.{gpu.Capability.Architecture}.{variant.Name}.{phase.Name}.";
            PtxAssembly assembly = assembler.Assemble(compiler.Compile(phase.Method, phase.Specialization, target).Text, gpu.Capability.Architecture);
            AssembledKernel kernel = assembly.Kernel;
            SassLoop[] hot = [.. assembly.Function.Loops.Where(loop => loop.Mix[SassKind.Ffma] >= HotProducts)];
            double share = hot.Min(loop => loop.Mix.FfmaShare);
            Occupancy occupancy = Occupancy.Of(gpu.Capability, phase.Threads, kernel.Registers, kernel.StaticSharedBytes);
            PtxCounters counters = backward.Counters.TryGetValue(phase.Name, out PtxCounters? counted) ? counted : run.Counters[traits.Forward.ToList().FindIndex(p => p.Name == phase.Name)];


            // Products as PTX has them, a multiplication and an addition, which the assembler fuses; instructions beside them as in the machine code's hot loops.
            double products = Math.Min(counters.Instructions("mul.f32"), counters.Instructions("add.f32"));
            KernelWork work = new()
            {
                MultiplyAdds = products,
                Instructions = products / share,
                SharedWavefronts = counters.SharedLoads.Units + counters.SharedStores.Units,
                DramSectors = counters.GlobalLoads.Units + counters.GlobalStores.Units,
            };
            RooflineBound bound = RooflineBound.Of(work, gpu);
            yield return (row + "roofline_bound", bound.Fraction);
            yield return (row + "roofline_bound_of_dram", bound.Dram);
            yield return (row + "slices", phase.Slices);
            yield return (row + "chunk", phase.ChunkSize);
            yield return (row + "registers", kernel.Registers);
            yield return (row + "spill_bytes", kernel.SpillStoreBytes + kernel.SpillLoadBytes);
            yield return (row + "stack_bytes", kernel.StackBytes);
            yield return (row + "shared_bytes", kernel.StaticSharedBytes);
            yield return (row + "occupancy", occupancy.Fraction);
            yield return (row + "ffma_share", share);
            yield return (row + "ffma_per_shared_load_128", hot.Min(loop => loop.Mix.FfmaPerSharedLoad128));
            yield return (row + "shared_wavefronts_over_minimum", (double)(counters.SharedLoads.Units + counters.SharedStores.Units) / (counters.SharedLoads.LeastUnits + counters.SharedStores.LeastUnits));
            yield return (row + "sectors_over_minimum", (double)(counters.GlobalLoads.Units + counters.GlobalStores.Units) / (counters.GlobalLoads.LeastUnits + counters.GlobalStores.LeastUnits));
        }

        string whole = $"gpu.{gpu.Capability.Architecture}.{variant.Name}.";
        yield return (whole + "q_reads", run.Queries.ReadFactor);
        yield return (whole + "k_reads", run.Keys.ReadFactor);
        yield return (whole + "v_reads", run.Values.ReadFactor);
        yield return (whole + "o_writes", run.Written.WriteFactor);
        foreach ((string tensor, double factor) in backward.Reads)
            yield return (whole + $"backward.{tensor}_reads", factor);
        foreach ((string Name, double Value) figure in GpuTensorFigures.Of(variant, gpu, assembler, call))
            yield return figure;
    }
}
