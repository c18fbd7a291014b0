using System.Reflection;
using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Verification.Offline;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>The emitted kernels of a variant, for proofs that need no accelerator.</summary>
internal static class VariantKernels
{
    /// <summary>One for all proofs: the contracted run executes the text of the other, and machine code for two architectures shares a context.</summary>
    public static PtxCompiler Compiler { get; } = new();

    /// <summary>What the generated code states of a declaration's kernels.</summary>
    public static GpuTraits Of(string variant) => (GpuTraits)typeof(GpuVariant).Assembly.GetTypes()
        .Where(type => type.Namespace == "KernelGen.Generated")
        .Select(type => type.GetProperty("Traits", BindingFlags.Static | BindingFlags.Public)?.GetValue(null))
        .Single(traits => traits is GpuTraits gpu && gpu.Kernel.Name.EndsWith("." + variant, StringComparison.Ordinal))!;

    /// <summary>The same with the kernels of devices that have tensor cores: phases without such a kernel keep the other, as they do there.</summary>
    public static GpuTraits OnTensorCores(string variant)
    {
        GpuTraits traits = Of(variant);
        return traits with
        {
            Forward = [.. traits.Forward.Select(Chosen)],
            State = Chosen(traits.State),
            Backward = [.. traits.Backward.Select(Chosen)],
        };

        static GpuPhase Chosen(GpuPhase phase) => phase.OnTensorCores ?? phase;
    }
}
