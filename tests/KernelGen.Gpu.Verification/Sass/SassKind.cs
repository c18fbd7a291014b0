namespace KernelGen.Gpu.Verification.Sass;

/// <summary>What an instruction is counted as.</summary>
public enum SassKind
{
    /// <summary>Single-precision multiply-add.</summary>
    Ffma,

    /// <summary>Single-precision addition or multiplication.</summary>
    FaddFmul,

    /// <summary>Tensor-core product: HMMA, and on newer architectures HGMMA.</summary>
    Hmma,

    /// <summary>Reciprocal, square root, exponential and such of the special function unit.</summary>
    Mufu,

    /// <summary>Load of 32 bits or fewer a thread from shared memory.</summary>
    Lds32,

    /// <summary>Load of 64 bits a thread from shared memory.</summary>
    Lds64,

    /// <summary>Load of 128 bits a thread from shared memory.</summary>
    Lds128,

    /// <summary>Load of tensor-core fragments from shared memory.</summary>
    Ldsm,

    /// <summary>Store to shared memory.</summary>
    Sts,

    /// <summary>Load from global memory.</summary>
    Ldg,

    /// <summary>Store to global memory.</summary>
    Stg,

    /// <summary>Copy from global to shared memory past the registers.</summary>
    AsyncCopy,

    /// <summary>Load from or store to local memory: spilled registers and stack frames.</summary>
    Local,

    /// <summary>Integer arithmetic, logic, comparison and selection, which IMAD's moves are among.</summary>
    Int,

    /// <summary>Barrier of a block.</summary>
    Barrier,

    /// <summary>Everything else: branches, moves, conversions, constants.</summary>
    Other,
}
