namespace KernelGen;

/// <summary>
/// What a call may say beyond its shape. Every member is optional; an empty span means that it is absent. N is the number of sequences
/// (B, or the number that <see cref="CuSeqlens"/> cuts), M the width of a mapped key (D where nothing is projected).
/// </summary>
/// <typeparam name="T">Element type of the declaration.</typeparam>
public readonly ref struct AttentionOptions<T>
    where T : unmanaged
{
    /// <summary>
    /// Packed sequences, [N + 1]: sequence n is tokens CuSeqlens[n] up to, not including, CuSeqlens[n + 1]. The first entry is 0, none is
    /// smaller than the one before, the last is the number of tokens T; the batch must be 1. Sequences may be empty.
    /// </summary>
    public ReadOnlySpan<int> CuSeqlens { get; init; }

    /// <summary>
    /// Packed keys of a call that is not causal, [N + 1], in the form of <see cref="CuSeqlens"/> (which must be present too) over the S key
    /// tokens. Absent: keys are cut like queries.
    /// </summary>
    public ReadOnlySpan<int> KeyCuSeqlens { get; init; }

    /// <summary>
    /// Key padding, [B, S]: a token whose flag is false adds nothing to the state nor to the normaliser. Its own output is still computed.
    /// </summary>
    public ReadOnlySpan<bool> KeyMask { get; init; }

    /// <summary>Decay of each head, [H], finite and at least 0: the past fades by exp(-slope) a token. Required for <see cref="Decay.PerHead"/>, refused elsewhere.</summary>
    public ReadOnlySpan<T> Slopes { get; init; }

    /// <summary>
    /// Log gate g of each token and query head, [B, T, H], or [B, H, T] with heads first: at most 0 (minus infinity forgets everything before the token); numbers
    /// below -104 count as -104, whose exp is 0. A step's are [N, H]. Required for <see cref="Decay.PerToken"/> and <see cref="Decay.Convex"/>, refused elsewhere.
    /// </summary>
    public ReadOnlySpan<T> LogGates { get; init; }

    /// <summary>
    /// The matrix that rows are projected by, one for all query heads or one a head: required of a declaration that projects (and the same for all calls that continue a state),
    /// refused elsewhere. Of queries alone where keys have their own.
    /// </summary>
    public FeatureProjection<T>? Projection { get; init; }

    /// <summary>The matrix that keys are projected by, one for all query heads or one a head, where and only where the declaration has one for them alone.</summary>
    public FeatureProjection<T>? KeyProjection { get; init; }

    /// <summary>State S before the first token, [N, H, M, E].</summary>
    public ReadOnlySpan<T> InitialState { get; init; }

    /// <summary>Receives the state S after the last token, [N, H, M, E].</summary>
    public Span<T> FinalState { get; init; }

    /// <summary>Normaliser z before the first token, [N, H, M]; only, and always, beside <see cref="InitialState"/> of a normalised declaration.</summary>
    public ReadOnlySpan<T> InitialNormalizer { get; init; }

    /// <summary>Receives the normaliser z after the last token, [N, H, M]; only, and always, beside <see cref="FinalState"/> of a normalised declaration.</summary>
    public Span<T> FinalNormalizer { get; init; }

    /// <summary>Scratch memory of the call, for one call at a time; absent: taken from a pool.</summary>
    public Workspace? Workspace { get; init; }

    /// <summary>
    /// The widest instruction set to use; absent: the widest that the machine and the declaration have. A cap above that changes nothing.
    /// </summary>
    public InstructionSet? Cap { get; init; }

    /// <summary>
    /// Most threads that work on the call, its own included: 0 (the default) for as many as there are processors, 1 for the caller's alone. The bits are the same
    /// for any number. Calls of less than about 100 microseconds stay on the caller's thread.
    /// </summary>
    public int MaxDegreeOfParallelism { get; init; }

    /// <summary>
    /// Looked at before a call begins and between its pieces. A call that is canceled throws <see cref="OperationCanceledException"/>: outputs and plain final states
    /// are unspecified then, a state object is as it was before the call. Steps and other short calls run to their end once they have begun.
    /// </summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>For tests: shares out even the shortest call.</summary>
    internal bool SharesSmallCalls { get; init; }
}
