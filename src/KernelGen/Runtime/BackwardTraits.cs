using System.ComponentModel;

namespace KernelGen.Runtime;

/// <summary>
/// The backward pass of a declaration: phases that run in order over one sequence and head, each over all of its tokens, sharing one
/// block. Before the first phase the block is zero but for S and z (the initial state) and dS and dz (the final state's gradient); after
/// the last, dS and dz are the initial state's gradient.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record BackwardTraits
{
    /// <summary>The phases, by the number that <see cref="IStateKernel{T}.Backward"/> takes.</summary>
    public required IReadOnlyList<BackwardPhase> Phases { get; init; }

    /// <summary>Elements of a block, a multiple of 64 bytes.</summary>
    public required int BlockLength { get; init; }

    /// <summary>S transposed, E rows of <see cref="TransposedSumStride"/> elements, of which the first M count.</summary>
    public required int TransposedSumOffset { get; init; }

    /// <summary>Elements from a row of S transposed to the next.</summary>
    public required int TransposedSumStride { get; init; }

    /// <summary>z, M elements; -1 where the declaration has none.</summary>
    public required int NormalizerOffset { get; init; }

    /// <summary>dS, M rows of <see cref="SumGradientStride"/> elements, of which the first E count.</summary>
    public required int SumGradientOffset { get; init; }

    /// <summary>Elements from a row of dS to the next.</summary>
    public required int SumGradientStride { get; init; }

    /// <summary>dz, M elements; -1 where the declaration has none.</summary>
    public required int NormalizerGradientOffset { get; init; }

    /// <summary>Scratch elements that a phase needs, at any level.</summary>
    public required int ScratchLength { get; init; }

    /// <summary>Elements a token that phases leave for one another (<see cref="KernelFrame{T}.Tokens"/>).</summary>
    public required int TokenElements { get; init; }

    /// <summary>
    /// Where decays or gates have gradients: which elements of <see cref="KernelFrame{T}.Tokens"/> hold, one a token, phi(q).dphi(q) of a query,
    /// counted in elements a token before them; -1 elsewhere.
    /// </summary>
    public required int QueryFlow { get; init; }

    /// <summary>The same for phi(k).dphi(k) of a key.</summary>
    public required int KeyFlow { get; init; }

    /// <summary>The gradient of a learned projection, its rows padded to 64 bytes, after the last phase; -1 where there is none.</summary>
    public int ProjectionGradientOffset { get; init; } = -1;

    /// <summary>The same of the keys' own projection.</summary>
    public int KeyProjectionGradientOffset { get; init; } = -1;
}

/// <summary>One phase of a backward pass.</summary>
/// <param name="Tokens">What it runs over.</param>
/// <param name="IsReversed">Whether it runs from right to left.</param>
/// <param name="Folds">Whether it folds its chunks into the block; chunks are independent of one another where it does not.</param>
/// <param name="Window">Slots of the phase cut along the sequence; null where it folds nothing, or cannot be cut.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record BackwardPhase(BackwardTokens Tokens, bool IsReversed, bool Folds, WindowTraits? Window);

/// <summary>How much of a phase is meant: all of it, or one of the parts that it is cut into, as those of a forward sweep.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum PhasePart
{
    /// <summary>All of it, over any number of tokens.</summary>
    Sweep,

    /// <summary>Of whole chunks: what each adds to the block, into its slot. Where the phase does not emit, its results too.</summary>
    Contribute,

    /// <summary>The slots' sums into the block, in the order of the phase; leaves in each slot what results need of the block before it.</summary>
    Fold,

    /// <summary>Results of whole chunks, from their slots.</summary>
    Emit,
}

/// <summary>Which tokens a phase runs over.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum BackwardTokens
{
    /// <summary>Queries: reads q and dO, writes dq.</summary>
    Queries,

    /// <summary>Keys and values: reads k and v (and, where causal, q and dO), writes dk and dv.</summary>
    Keys,

    /// <summary>Keys and values, folded into the state: writes nothing of the caller's.</summary>
    State,
}
