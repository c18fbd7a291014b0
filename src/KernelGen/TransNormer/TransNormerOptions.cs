namespace KernelGen;

/// <summary>What a call of a TransNormerLLM block may say beyond its tensors. Every member is optional.</summary>
/// <typeparam name="T">Element type.</typeparam>
public readonly ref struct TransNormerOptions<T>
    where T : unmanaged
{
    /// <summary>Padding, [B, T]: the values of a token whose flag is false are zero. Its own output is still computed. The same in the backward call as in the forward one.</summary>
    public ReadOnlySpan<bool> KeyMask { get; init; }

    /// <summary>The state that a forward call continues, of B sequences, and advances; refused beside <see cref="Activations"/>.</summary>
    public AttentionState<T>? State { get; init; }

    /// <summary>Receives what the backward call of the same sequences needs.</summary>
    public TransNormerActivations<T>? Activations { get; init; }

    /// <summary>Scratch memory of the call, for one call at a time; absent: taken from a pool.</summary>
    public Workspace? Workspace { get; init; }

    /// <summary>The widest instruction set to use; absent: the widest that the machine and the declaration have.</summary>
    public InstructionSet? Cap { get; init; }

    /// <summary>Most threads that work on the call, its own included: 0 (the default) for as many as there are processors. The bits are the same for any number.</summary>
    public int MaxDegreeOfParallelism { get; init; }

    /// <summary>
    /// Looked at before a call begins and between its pieces. A call that is canceled throws <see cref="OperationCanceledException"/>; its results are unspecified then.
    /// </summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>For tests: shares out even the shortest call.</summary>
    internal bool SharesSmallCalls { get; init; }

    internal DenseOptions Dense => new() { Cap = Cap, MaxDegreeOfParallelism = MaxDegreeOfParallelism, CancellationToken = CancellationToken, SharesSmallCalls = SharesSmallCalls };
}
