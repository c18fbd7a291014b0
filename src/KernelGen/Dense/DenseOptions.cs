namespace KernelGen;

/// <summary>What a call of a dense layer may say beyond its tensors. Every member is optional.</summary>
public readonly record struct DenseOptions
{
    /// <summary>Scratch memory of the call, for one call at a time; absent: taken from a pool.</summary>
    public Workspace? Workspace { get; init; }

    /// <summary>The widest instruction set to use; absent: the widest that the machine and the declaration have. A cap above that changes nothing.</summary>
    public InstructionSet? Cap { get; init; }

    /// <summary>
    /// Most threads that work on the call, its own included: 0 (the default) for as many as there are processors, 1 for the caller's alone. The bits are the same for any number. Calls of
    /// less than about 100 microseconds stay on the caller's thread.
    /// </summary>
    public int MaxDegreeOfParallelism { get; init; }

    /// <summary>Looked at before a call begins and between its pieces. A call that is canceled throws <see cref="OperationCanceledException"/>; its results are unspecified then.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>For tests: shares out even the shortest call.</summary>
    internal bool SharesSmallCalls { get; init; }
}
