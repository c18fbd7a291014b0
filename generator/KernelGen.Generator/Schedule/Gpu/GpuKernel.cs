namespace KernelGen.Generator.Schedule.Gpu;

/// <summary>A phase as a GPU has it.</summary>
/// <param name="Schedule">The program, and how a block runs it.</param>
/// <param name="Slices">How it is cut over blocks.</param>
/// <param name="ChunkSize">Tokens of a chunk: phases leave nothing for one another that depends on it.</param>
/// <param name="KeepsState">Whether it leaves the states after its last chunk.</param>
internal sealed record GpuKernel(GpuSchedule Schedule, GpuSlices Slices, int ChunkSize, bool KeepsState)
{
    public string Name => Schedule.Program.Name;

    /// <summary>Whether there is a second kernel whose products are tensor cores'.</summary>
    public bool HasTensorKernel => TensorGrid.Serves(Schedule);

    /// <summary>Name of the second kernel.</summary>
    public string TensorName => Name + "OnTensorCores";
}
