namespace KernelGen;

/// <summary>
/// What a backward call may say beyond its shape: the options of the forward call that it belongs to, gradients that come from later, and
/// gradients asked for beside dq, dk and dv. Every member is optional; an empty span means that it is absent. N is the number of sequences
/// (B, or the number that <see cref="CuSeqlens"/> cuts), M the width of a mapped key (D where nothing is projected).
/// </summary>
/// <typeparam name="T">Element type of the declaration.</typeparam>
public readonly ref struct BackwardOptions<T>
    where T : unmanaged
{
    /// <summary>Packed sequences, [N + 1], as <see cref="AttentionOptions{T}.CuSeqlens"/> of the forward call.</summary>
    public ReadOnlySpan<int> CuSeqlens { get; init; }

    /// <summary>Packed keys of a call that is not causal, [N + 1], as <see cref="AttentionOptions{T}.KeyCuSeqlens"/> of the forward call.</summary>
    public ReadOnlySpan<int> KeyCuSeqlens { get; init; }

    /// <summary>Key padding, [B, S], as <see cref="AttentionOptions{T}.KeyMask"/> of the forward call: dk and dv of a masked token are zero.</summary>
    public ReadOnlySpan<bool> KeyMask { get; init; }

    /// <summary>Decay of each head, [H], as <see cref="AttentionOptions{T}.Slopes"/> of the forward call. Required for <see cref="Decay.PerHead"/>, refused elsewhere.</summary>
    public ReadOnlySpan<T> Slopes { get; init; }

    /// <summary>Log gate of each token and query head, [B, T, H] or [B, H, T], as <see cref="AttentionOptions{T}.LogGates"/> of the forward call. Required for <see cref="Decay.PerToken"/> and <see cref="Decay.Convex"/>, refused elsewhere.</summary>
    public ReadOnlySpan<T> LogGates { get; init; }

    /// <summary>The matrix that rows are projected by, as <see cref="AttentionOptions{T}.Projection"/> of the forward call.</summary>
    public FeatureProjection<T>? Projection { get; init; }

    /// <summary>The keys' own matrix, as <see cref="AttentionOptions{T}.KeyProjection"/> of the forward call.</summary>
    public FeatureProjection<T>? KeyProjection { get; init; }

    /// <summary>State S that the forward call began with, [N, H, M, E].</summary>
    public ReadOnlySpan<T> InitialState { get; init; }

    /// <summary>Normaliser z that the forward call began with, [N, H, M]; only, and always, beside <see cref="InitialState"/> of a normalised declaration.</summary>
    public ReadOnlySpan<T> InitialNormalizer { get; init; }

    /// <summary>Gradient of the state after the last token, [N, H, M, E], where the loss depends on it too.</summary>
    public ReadOnlySpan<T> FinalStateGradient { get; init; }

    /// <summary>Gradient of the normaliser after the last token, [N, H, M]; only, and always, beside <see cref="FinalStateGradient"/> of a normalised declaration.</summary>
    public ReadOnlySpan<T> FinalNormalizerGradient { get; init; }

    /// <summary>Receives the gradient of <see cref="InitialState"/>, [N, H, M, E]; only beside it.</summary>
    public Span<T> InitialStateGradient { get; init; }

    /// <summary>Receives the gradient of <see cref="InitialNormalizer"/>, [N, H, M]; only, and always, beside <see cref="InitialStateGradient"/> of a normalised declaration.</summary>
    public Span<T> InitialNormalizerGradient { get; init; }

    /// <summary>Receives the gradient of <see cref="Slopes"/>, [H], summed over sequences in order; only for <see cref="Decay.PerHead"/>.</summary>
    public Span<T> SlopeGradients { get; init; }

    /// <summary>Receives the gradient of <see cref="LogGates"/>, laid out like them; 0 where a gate is below -104. Only for <see cref="Decay.PerToken"/> and <see cref="Decay.Convex"/>.</summary>
    public Span<T> LogGateGradients { get; init; }

    /// <summary>
    /// Receives the gradient of <see cref="Projection"/>, shaped like its numbers: [M, D], the sum over heads, or [H, M, D]; summed over sequences (and heads) in order. Only where the
    /// declaration's projection is learned.
    /// </summary>
    public Span<T> ProjectionGradients { get; init; }

    /// <summary>Receives the gradient of the bias of <see cref="Projection"/>, [M] or [H, M]; only where there is one.</summary>
    public Span<T> ProjectionBiasGradients { get; init; }

    /// <summary>Receives the gradient of <see cref="KeyProjection"/>, as <see cref="ProjectionGradients"/>.</summary>
    public Span<T> KeyProjectionGradients { get; init; }

    /// <summary>Receives the gradient of the bias of <see cref="KeyProjection"/>, as <see cref="ProjectionBiasGradients"/>.</summary>
    public Span<T> KeyProjectionBiasGradients { get; init; }

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
    /// Looked at before a call begins and between its pieces. A call that is canceled throws <see cref="OperationCanceledException"/>, and the gradients are
    /// unspecified then.
    /// </summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>For tests: shares out even the shortest call.</summary>
    internal bool SharesSmallCalls { get; init; }

    /// <summary>The part that a forward call has too.</summary>
    internal AttentionOptions<T> Forward => new()
    {
        CuSeqlens = CuSeqlens,
        KeyCuSeqlens = KeyCuSeqlens,
        KeyMask = KeyMask,
        Slopes = Slopes,
        LogGates = LogGates,
        Projection = Projection,
        KeyProjection = KeyProjection,
        InitialState = InitialState,
        InitialNormalizer = InitialNormalizer,
        Workspace = Workspace,
        Cap = Cap,
    };
}
