using KernelGen.Gpu.Verification.Sass;

namespace KernelGen.Gpu.Verification.Cuda;

/// <summary>What became of one PTX text.</summary>
/// <param name="Kernels">Its entry functions, in the order of ptxas's report.</param>
/// <param name="Sass">Their machine code.</param>
/// <param name="Warnings">Lines of ptxas that warn.</param>
public sealed record PtxAssembly(IReadOnlyList<AssembledKernel> Kernels, SassListing Sass, IReadOnlyList<string> Warnings)
{
    /// <summary>The only kernel.</summary>
    /// <exception cref="InvalidOperationException">There is none, or more than one.</exception>
    public AssembledKernel Kernel => Kernels.Single();

    /// <summary>Machine code of the only function.</summary>
    /// <exception cref="InvalidOperationException">There is none, or more than one.</exception>
    public SassFunction Function => Sass.Functions.Single();
}
