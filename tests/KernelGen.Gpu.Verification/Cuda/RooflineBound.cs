namespace KernelGen.Gpu.Verification.Cuda;

/// <summary>Work of a kernel, or of any part of it, as counts: of one SM's share, or of all where the SMs share evenly.</summary>
public sealed record KernelWork
{
    /// <summary>Single-precision multiply-add instructions, one a warp.</summary>
    public required double MultiplyAdds { get; init; }

    /// <summary>Instructions of any kind, one a warp: what schedulers issue.</summary>
    public required double Instructions { get; init; }

    /// <summary>Wavefronts of shared memory: passes of 128 bytes, conflicts included.</summary>
    public required double SharedWavefronts { get; init; }

    /// <summary>Sectors of 32 bytes that go to or come from DRAM.</summary>
    public required double DramSectors { get; init; }
}

/// <summary>Which of an SM's units is busy longest.</summary>
public enum RooflineLimit
{
    /// <summary>The lanes of single-precision arithmetic: the kernel could be at peak.</summary>
    MultiplyAdd,

    /// <summary>The schedulers.</summary>
    Issue,

    /// <summary>Shared memory.</summary>
    SharedMemory,

    /// <summary>DRAM.</summary>
    Dram,
}

/// <summary>
/// Static upper bounds, not measured, on the fraction of single-precision peak that a kernel can reach: the cycles of its multiply-adds over those of one
/// unit, as if that unit were always busy and nothing else took time. Latency, barriers, the tail of a grid and low occupancy are not in them, nor is
/// integer arithmetic that shares the multiply-add's lanes, so a real kernel stays below, by how much they do not say.
/// </summary>
public sealed record RooflineBound
{
    private const int SectorBytes = 32;

    private RooflineBound(double issue, double sharedMemory, double dram)
    {
        Issue = Math.Min(1, issue);
        SharedMemory = Math.Min(1, sharedMemory);
        Dram = Math.Min(1, dram);
    }

    /// <summary>Static bound, not measured: by instructions to issue, four a cycle and SM.</summary>
    public double Issue { get; }

    /// <summary>Static bound, not measured: by wavefronts of shared memory, one a cycle and SM.</summary>
    public double SharedMemory { get; }

    /// <summary>Static bound, not measured: by DRAM traffic at the data sheet's bandwidth, shared evenly by the SMs.</summary>
    public double Dram { get; }

    /// <summary>Static bound, not measured: the least of the three, and of 1.</summary>
    public double Fraction => Math.Min(Issue, Math.Min(SharedMemory, Dram));

    /// <summary>What sets <see cref="Fraction"/>; <see cref="RooflineLimit.MultiplyAdd"/> where nothing keeps it below 1.</summary>
    public RooflineLimit Limit =>
        Fraction >= 1 ? RooflineLimit.MultiplyAdd
        : Fraction == Issue ? RooflineLimit.Issue
        : Fraction == SharedMemory ? RooflineLimit.SharedMemory
        : RooflineLimit.Dram;

    /// <summary>The bounds of some work on a GPU.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or there are more multiply-adds than instructions.</exception>
    public static RooflineBound Of(KernelWork work, GpuModel gpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(work.MultiplyAdds);
        ArgumentOutOfRangeException.ThrowIfNegative(work.SharedWavefronts);
        ArgumentOutOfRangeException.ThrowIfNegative(work.DramSectors);
        ArgumentOutOfRangeException.ThrowIfLessThan(work.Instructions, work.MultiplyAdds);

        double multiplyAdd = work.MultiplyAdds * ComputeCapability.WarpSize / gpu.Capability.SingleLanes;
        double issue = work.Instructions / ComputeCapability.Partitions;
        double dram = work.DramSectors * SectorBytes / gpu.DramBytesPerCycle;
        return new RooflineBound(Share(multiplyAdd, issue), Share(multiplyAdd, work.SharedWavefronts), Share(multiplyAdd, dram));
    }

    // A unit with nothing to do bounds nothing.
    private static double Share(double cycles, double busy) => busy == 0 ? 1 : cycles / busy;
}
