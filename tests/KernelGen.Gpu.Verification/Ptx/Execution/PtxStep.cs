namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>What a step does in the threads of a warp whose bits are set.</summary>
internal delegate void LaneOperation(PtxStep step, PtxWarp warp, uint active);

internal enum PtxStepKind
{
    /// <summary>Something in each thread.</summary>
    Lanes,

    /// <summary>Something that threads of a warp do together: those named by <see cref="PtxStep.Members"/> must all have arrived.</summary>
    Warp,
    Branch,
    BranchIndexed,
    Exit,
    Barrier,

    /// <summary>Counted only: fences, hints.</summary>
    Nothing,
}

/// <summary>One instruction, decoded: where its operands lie in a warp's registers, and what to call.</summary>
internal sealed class PtxStep(PtxInstruction instruction)
{
    public PtxInstruction Instruction { get; } = instruction;

    public PtxStepKind Kind;
    public LaneOperation Run = static (_, _, _) => { };

    /// <summary>Index of the predicate before it; -1 for none.</summary>
    public int Guard = -1;
    public bool IsGuardNegated;

    // Registers by the index of their first thread's value.
    public int D;
    public int A;
    public int B;
    public int C;

    // Predicates by number: destinations P and Q, source R.
    public int P = -1;
    public int Q = -1;
    public int R = -1;
    public bool IsRNegated;

    /// <summary>Registers of a vector operand or of a matrix.</summary>
    public int[] Vector = [];
    public int[] MatrixA = [];
    public int[] MatrixB = [];
    public int[] MatrixC = [];

    /// <summary>Bytes beyond an address, or another constant.</summary>
    public long Offset;
    public int ElementBytes;
    public int AccessBytes;
    public bool IsSigned;

    public int Next;
    public int Target;
    public int[] Targets = [];
    public bool IsUniform;

    /// <summary>Register of the mask of threads that do it together; -1 for all.</summary>
    public int Members = -1;

    public Func<double, double>? Function;
    public double RelativeError;
    public double AbsoluteError;
    public PtxApproximation Approximation;
    public Func<ulong, ulong, ulong, ulong>? Update;

    /// <summary>Registers and predicates that it reads and writes, for the check that nothing is read before it is written.</summary>
    public int[] Sources = [];
    public int[] SourcePredicates = [];
    public int[] Destinations = [];
    public int[] DestinationPredicates = [];

    public long Count;

    public void ClearCount() => Count = 0;
}
