using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>What ILGPU's OpenCL back end makes of both paths: why the host must pick the kernel.</summary>
public sealed class HalfOpenClSourceTests
{
    // What goes into and out of inline PTX lies in private memory, and nothing else of these kernels does.
    private const string Traces = "typedef private";

    [Fact]
    public void Threads_HaveNoTraceOfTensorCores() => Assert.DoesNotContain(Traces, Source<OnThreads>(), StringComparison.Ordinal);

    [Fact]
    public void TensorCores_LoseTheirInstructionsWithoutAWord()
    {
        string source = Source<OnTensorCore>();
        Assert.Contains(Traces, source, StringComparison.Ordinal);
        Assert.DoesNotContain("mma", source, StringComparison.Ordinal);
    }

    private static string Source<TUnit>()
        where TUnit : struct, IProductUnit
    {
        using Context context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2));
        using CLBackend backend = new(context, new CLCapabilityContext(true, true, true, true, true), CLDeviceVendor.Other, new CLCVersion(3, 0));
        HalfCase c = new(nameof(Plain), nameof(BFloat16), 64, 1);
        EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(c.Kernel<TUnit>().Method);
        return ((CLCompiledKernel)backend.Compile(entry, new KernelSpecialization(HalfProduct.Threads, null))).Source;
    }
}
