using KernelGen.Generator.Schedule.Gpu;

namespace KernelGen.Generator.Surface;

/// <summary>What the surface states of a declaration's GPU kernels.</summary>
/// <param name="Kernels">Name of the class that has them.</param>
/// <param name="States">Where states lie.</param>
/// <param name="Forward">Phases of the forward pass, in order.</param>
/// <param name="State">What a run of chunks adds to the state.</param>
/// <param name="Step">The forward pass for a few tokens, where a token sees earlier ones only.</param>
/// <param name="Backward">Phases of the backward pass, in order.</param>
internal sealed record GpuModel(string Kernels, GpuStateLayout States, IReadOnlyList<GpuKernel> Forward, GpuKernel State, GpuKernel? Step, IReadOnlyList<GpuKernel> Backward);
