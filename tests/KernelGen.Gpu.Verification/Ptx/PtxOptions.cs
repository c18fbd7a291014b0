namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Where the results of approximate instructions lie within NVIDIA's documented error.</summary>
public enum PtxApproximation
{
    /// <summary>The correctly rounded result.</summary>
    Exact,

    /// <summary>Too small by the whole documented error.</summary>
    Low,

    /// <summary>Too large by the whole documented error.</summary>
    High,

    /// <summary>Anywhere between, as if by chance: a function of the operand alone, as on hardware.</summary>
    Scattered,
}

/// <summary>How the products of a matrix instruction are added.</summary>
public enum PtxMatrixSum
{
    /// <summary>Exactly, with one rounding at the end.</summary>
    Nearest,

    /// <summary>
    /// As badly as any tensor core that has been measured (Fasi, Higham, Mikaitis and Pranesh, "Numerical behavior of NVIDIA tensor cores", 2021): four
    /// products at a time, all terms cut off where the largest one's 24 bits end, sums cut off towards zero.
    /// </summary>
    Truncated,
}

/// <summary>How a machine executes.</summary>
public sealed record PtxOptions
{
    /// <summary>Whether products are fused with the sums they go to, as ptxas does where the text allows it.</summary>
    public bool FuseMultiplyAdd { get; init; }

    /// <summary>Whether races in shared and global memory are faults.</summary>
    public bool DetectRaces { get; init; } = true;

    /// <summary>Whether reads of what nothing wrote are faults. Without, such reads give NaN patterns.</summary>
    public bool DetectUninitialised { get; init; } = true;

    /// <summary>Whether wavefronts, sectors and bytes are counted. Instructions always are.</summary>
    public bool CountMemory { get; init; } = true;

    /// <summary>Warp instructions that one block may execute.</summary>
    public long StepLimit { get; init; } = 1_000_000_000;

    /// <summary>Error of approximate instructions.</summary>
    public PtxApproximation Approximation { get; init; }

    /// <summary>Sums of matrix instructions.</summary>
    public PtxMatrixSum MatrixSum { get; init; }

    /// <summary>Bytes of dynamic shared memory of a launch.</summary>
    public int DynamicSharedBytes { get; init; }
}
