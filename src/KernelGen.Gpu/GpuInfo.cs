namespace KernelGen.Gpu;

/// <summary>What a declaration became on a device.</summary>
/// <param name="Device">The device's name.</param>
/// <param name="StateBytes">Bytes of the state of a sequence and head.</param>
/// <param name="Kernels">Kernels of both passes.</param>
public sealed record GpuInfo(string Device, int StateBytes, IReadOnlyList<GpuKernelInfo> Kernels)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Device}: {StateBytes} bytes of state a head; {string.Join("; ", Kernels)}");
}

/// <summary>One kernel.</summary>
/// <param name="Name">Its phase.</param>
/// <param name="ChunkSize">Tokens of a chunk.</param>
/// <param name="Slices">Thread blocks that share a sequence and head, each with a slice of the values or of the features.</param>
/// <param name="Threads">Threads of a block.</param>
/// <param name="SharedBytes">Shared memory of a block.</param>
public sealed record GpuKernelInfo(string Name, int ChunkSize, int Slices, int Threads, int SharedBytes)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Name}: chunks of {ChunkSize}, {Slices} slices, {Threads} threads, {SharedBytes} bytes shared");
}
