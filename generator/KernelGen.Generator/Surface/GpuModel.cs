using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Surface;

/// <summary>What the surface states of a declaration's GPU kernels.</summary>
/// <param name="Kernels">Name of the class that has them.</param>
/// <param name="ChunkSize">Tokens of a chunk.</param>
/// <param name="Slices">How the values are cut.</param>
/// <param name="States">Where states lie.</param>
/// <param name="Sum">The tile S of a state.</param>
/// <param name="Normalizer">The tile z, where there is one.</param>
/// <param name="Phases">Phases in order.</param>
internal sealed record GpuModel(string Kernels, int ChunkSize, GpuSlices Slices, GpuStateLayout States, Tile Sum, Tile? Normalizer, IReadOnlyList<GpuSchedule> Phases);
