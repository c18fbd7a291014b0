namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>What a kernel did wrong.</summary>
public enum PtxFault
{
    /// <summary>A read or write of global memory outside every array.</summary>
    GlobalOutOfBounds,

    /// <summary>A read or write of shared memory outside every allocation of the block.</summary>
    SharedOutOfBounds,

    /// <summary>A read or write of local memory outside every local array of the thread.</summary>
    LocalOutOfBounds,

    /// <summary>A read outside a constant variable or the parameters, or a write into one.</summary>
    ConstantOutOfBounds,

    /// <summary>An address that is no multiple of the access's bytes.</summary>
    Misaligned,

    /// <summary>Two threads of a block used one word of shared memory, at least one wrote, and no barrier stands between.</summary>
    SharedRace,

    /// <summary>Two threads used one word of global memory, at least one wrote, and no barrier stands between: none can between blocks.</summary>
    GlobalRace,

    /// <summary>A read of shared memory that no thread of the block wrote.</summary>
    UninitialisedShared,

    /// <summary>A read of global memory that nothing wrote.</summary>
    UninitialisedGlobal,

    /// <summary>A read of local memory that the thread did not write.</summary>
    UninitialisedLocal,

    /// <summary>A read of a register that the thread did not write.</summary>
    UninitialisedRegister,

    /// <summary>Threads wait at a barrier which others left by exiting, or wait at another one.</summary>
    BarrierDivergence,

    /// <summary>A branch, declared uniform, that only some threads of the warp take.</summary>
    DivergentUniformBranch,

    /// <summary>An instruction for the whole warp (shuffle, vote, matrix product) without some of its threads.</summary>
    WarpDivergence,

    /// <summary>A read of a cp.async's destination before its group was waited for.</summary>
    PendingCopy,

    /// <summary>An integer division by zero, whose result PTX leaves open.</summary>
    DivisionByZero,

    /// <summary>An indexed branch outside its table.</summary>
    BranchOutOfTable,

    /// <summary>The kernel's own trap.</summary>
    Trap,

    /// <summary>More steps than the launch allows: an endless loop.</summary>
    StepLimit,
}
