namespace KernelGen.Gpu.Verification.Cuda;

/// <summary>
/// What one streaming multiprocessor (SM) of an architecture holds, after the tables "Technical Specifications per Compute Capability" of NVIDIA's CUDA C++
/// Programming Guide, and its "Arithmetic Instructions" for the lanes. All listed here have 65,536 32-bit registers an SM in four partitions, each of
/// which issues one warp instruction a cycle, 255 registers a thread at most, and 1,024 threads a block at most.
/// </summary>
public sealed record ComputeCapability
{
    /// <summary>Threads a warp.</summary>
    public const int WarpSize = 32;

    /// <summary>32-bit registers an SM, and a block at most.</summary>
    public const int Registers = 65_536;

    /// <summary>Registers that a thread may have at most.</summary>
    public const int MaxRegistersPerThread = 255;

    /// <summary>Threads that a block may have at most.</summary>
    public const int MaxThreadsPerBlock = 1024;

    /// <summary>Partitions of an SM: each with a quarter of its registers and a scheduler of its own.</summary>
    public const int Partitions = 4;

    /// <summary>Registers are allotted to a warp in multiples of this.</summary>
    public const int RegisterUnit = 256;

    /// <summary>Bytes of shared memory that a block gets without asking for more by an attribute of its kernel, at any architecture.</summary>
    public const int DefaultSharedBytesPerBlock = 48 * 1024;

    private ComputeCapability(string architecture, int maxWarps, int maxBlocks, int sharedKilobytes, int reservedSharedBytes, int sharedUnit, int singleLanes)
    {
        Architecture = architecture;
        MaxWarps = maxWarps;
        MaxBlocks = maxBlocks;
        SharedBytes = sharedKilobytes * 1024;
        ReservedSharedBytes = reservedSharedBytes;
        SharedUnit = sharedUnit;
        SingleLanes = singleLanes;
    }

    /// <summary>Compute capability 7.0 (V100).</summary>
    public static ComputeCapability Sm70 { get; } = new("sm_70", maxWarps: 64, maxBlocks: 32, sharedKilobytes: 96, reservedSharedBytes: 0, sharedUnit: 256, singleLanes: 64);

    /// <summary>Compute capability 8.0 (A100).</summary>
    public static ComputeCapability Sm80 { get; } = new("sm_80", maxWarps: 64, maxBlocks: 32, sharedKilobytes: 164, reservedSharedBytes: 1024, sharedUnit: 128, singleLanes: 64);

    /// <summary>Compute capability 8.6 (RTX 30, A10, A40).</summary>
    public static ComputeCapability Sm86 { get; } = new("sm_86", maxWarps: 48, maxBlocks: 16, sharedKilobytes: 100, reservedSharedBytes: 1024, sharedUnit: 128, singleLanes: 128);

    /// <summary>Compute capability 9.0 (H100, H200).</summary>
    public static ComputeCapability Sm90 { get; } = new("sm_90", maxWarps: 64, maxBlocks: 32, sharedKilobytes: 228, reservedSharedBytes: 1024, sharedUnit: 128, singleLanes: 128);

    /// <summary>All of them, oldest first.</summary>
    public static IReadOnlyList<ComputeCapability> All { get; } = [Sm70, Sm80, Sm86, Sm90];

    /// <summary>ptxas's name of it.</summary>
    public string Architecture { get; }

    /// <summary>Warps resident on an SM at most.</summary>
    public int MaxWarps { get; }

    /// <summary>Blocks resident on an SM at most.</summary>
    public int MaxBlocks { get; }

    /// <summary>Bytes of shared memory an SM, at the largest division of its on-chip memory: the driver may choose a smaller one.</summary>
    public int SharedBytes { get; }

    /// <summary>Bytes of shared memory that the system keeps of each block's.</summary>
    public int ReservedSharedBytes { get; }

    /// <summary>Bytes of shared memory are allotted to a block in multiples of this.</summary>
    public int SharedUnit { get; }

    /// <summary>Single-precision multiply-adds a cycle and SM.</summary>
    public int SingleLanes { get; }

    /// <summary>The one of a name such as <c>sm_80</c>.</summary>
    /// <exception cref="ArgumentException">It is none of <see cref="All"/>.</exception>
    public static ComputeCapability Of(string architecture) =>
        All.FirstOrDefault(one => one.Architecture == architecture) ?? throw new ArgumentException($"no figures of {architecture}", nameof(architecture));
}
