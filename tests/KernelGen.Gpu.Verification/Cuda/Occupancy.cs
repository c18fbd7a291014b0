namespace KernelGen.Gpu.Verification.Cuda;

/// <summary>What bounds the blocks that one SM holds at a time.</summary>
public enum OccupancyLimit
{
    /// <summary>The number of resident warps.</summary>
    Warps,

    /// <summary>The number of resident blocks.</summary>
    Blocks,

    /// <summary>Registers.</summary>
    Registers,

    /// <summary>Shared memory.</summary>
    SharedMemory,
}

/// <summary>
/// Blocks and warps that an SM holds at a time, by the arithmetic of NVIDIA's occupancy calculator (<c>cuda_occupancy.h</c>) on the figures of
/// <see cref="ComputeCapability"/>. A static figure: nothing was run, and how many blocks are resident says nothing of how fast they are.
/// </summary>
/// <param name="Blocks">Blocks an SM; 0 where not even one fits.</param>
/// <param name="Warps">Warps an SM.</param>
/// <param name="Fraction">Warps of the most that an SM can hold, 0 to 1.</param>
/// <param name="Limit">What bounds them; of equal bounds the first in the order of <see cref="OccupancyLimit"/>.</param>
public sealed record Occupancy(int Blocks, int Warps, double Fraction, OccupancyLimit Limit)
{
    /// <summary>Occupancy of a kernel.</summary>
    /// <param name="capability">The architecture.</param>
    /// <param name="threads">Threads a block, 1 to 1,024.</param>
    /// <param name="registers">Registers a thread, 0 to 255.</param>
    /// <param name="sharedBytes">Bytes of shared memory a block, static and dynamic, without what the system keeps.</param>
    /// <exception cref="ArgumentOutOfRangeException">A figure is outside of its range.</exception>
    public static Occupancy Of(ComputeCapability capability, int threads, int registers, int sharedBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, ComputeCapability.MaxThreadsPerBlock);
        ArgumentOutOfRangeException.ThrowIfNegative(registers);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(registers, ComputeCapability.MaxRegistersPerThread);
        ArgumentOutOfRangeException.ThrowIfNegative(sharedBytes);

        int warps = CeilingDivide(threads, ComputeCapability.WarpSize);
        (int Blocks, OccupancyLimit Limit)[] bounds =
        [
            (capability.MaxWarps / warps, OccupancyLimit.Warps),
            (capability.MaxBlocks, OccupancyLimit.Blocks),
            (BlocksByRegisters(warps, registers), OccupancyLimit.Registers),
            (BlocksByShared(capability, sharedBytes), OccupancyLimit.SharedMemory),
        ];
        (int blocks, OccupancyLimit limit) = bounds.MinBy(bound => bound.Blocks);
        return new Occupancy(blocks, blocks * warps, (double)(blocks * warps) / capability.MaxWarps, limit);
    }

    private static int BlocksByRegisters(int warps, int registers)
    {
        if (registers == 0)
            return int.MaxValue;

        // A launch is checked as if every partition held as many of the block's warps as the fullest one.
        int perWarp = RoundUp(registers * ComputeCapability.WarpSize, ComputeCapability.RegisterUnit);
        if (perWarp * RoundUp(warps, ComputeCapability.Partitions) > ComputeCapability.Registers)
            return 0;

        // A warp's registers lie in one partition, so what is left over in each is lost.
        int perPartition = ComputeCapability.Registers / ComputeCapability.Partitions / perWarp;
        return perPartition * ComputeCapability.Partitions / warps;
    }

    private static int BlocksByShared(ComputeCapability capability, int sharedBytes)
    {
        int perBlock = RoundUp(sharedBytes + capability.ReservedSharedBytes, capability.SharedUnit);
        return perBlock == 0 ? int.MaxValue : capability.SharedBytes / perBlock;
    }

    private static int CeilingDivide(int value, int unit) => (value + unit - 1) / unit;

    private static int RoundUp(int value, int unit) => CeilingDivide(value, unit) * unit;
}
