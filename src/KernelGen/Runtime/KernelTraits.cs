using System.ComponentModel;

namespace KernelGen.Runtime;

/// <summary>Constant facts of one declaration, as its generated code states them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record KernelTraits
{
    /// <summary>Full name of the declared class.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Identity of the mathematics and of everything a saved state depends on (system, map, dims, chunk, element type of states, decay, normaliser): two
    /// declarations with the same text may exchange states, given the same projection.
    /// </summary>
    public required string Variant { get; init; }

    /// <summary>Width D of query and key rows.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Width M of a mapped row: rows of the state.</summary>
    public required int FeatureDim { get; init; }

    /// <summary>Width E of value and output rows: columns of the state.</summary>
    public required int ValueDim { get; init; }

    /// <summary>Rows of the matrix, D wide, that calls bring to project their rows by; 0 where they bring none.</summary>
    public int ProjectedDim { get; init; }

    /// <summary>Whether the matrix has a bias beside it.</summary>
    public bool HasProjectionBias { get; init; }

    /// <summary>Whether keys have a matrix of their own, and the other is for queries alone.</summary>
    public bool HasKeyProjection { get; init; }

    /// <summary>Whether calls bring a matrix that rows are projected by.</summary>
    internal bool Projects => ProjectedDim > 0;

    /// <summary>Columns of the matrix, that of the bias included.</summary>
    internal int ProjectionColumns => HeadDim + (HasProjectionBias ? 1 : 0);

    /// <summary>Whether sums lack a factor exp(maximum), which only state objects carry, so that there are no states as plain tensors.</summary>
    public bool ScalesStates { get; init; }

    /// <summary>Tokens in a chunk.</summary>
    public required int ChunkSize { get; init; }

    /// <summary>Whether token t sees only keys s &lt;= t.</summary>
    public required bool Causal { get; init; }

    /// <summary>Whether outputs are divided by the sum of the weights (the state then has a normaliser z).</summary>
    public required bool Normalized { get; init; }

    /// <summary>How the past fades.</summary>
    public required Decay Decay { get; init; }

    /// <summary>Whether the past fades by gates that come with the call.</summary>
    internal bool IsGated => Decay is Decay.PerToken or Decay.Convex;

    /// <summary>Element type of tensors; states and arithmetic are float's where it is a 16-bit format.</summary>
    public required DType DType { get; init; }

    /// <summary>Levels that kernels exist for.</summary>
    public required InstructionSets InstructionSets { get; init; }

    /// <summary>Where things lie in a state block.</summary>
    public required StateLayout State { get; init; }

    /// <summary>Scratch elements that one call of a kernel needs, at any level.</summary>
    public required int ScratchLength { get; init; }

    /// <summary>Slots of a sweep that is cut along the sequence; null where it cannot be.</summary>
    public WindowTraits? Window { get; init; }

    /// <summary>The backward pass; null where the class was generated without one.</summary>
    public BackwardTraits? Backward { get; init; }

    /// <summary>Floating point operations per token and head that are useful: those of the recurrence with its state, 4 M E (2 for the update, 2 for the read), and 4 M D where queries and keys are projected; the normaliser's and the map's not counted.</summary>
    public required long UsefulFlopsPerToken { get; init; }

    /// <summary>Register tile of the widest contraction by level, "rows x columns", indexed by <see cref="InstructionSet"/>.</summary>
    public required IReadOnlyList<string> RegisterTiles { get; init; }

    /// <summary>Bytes of an element of a tensor.</summary>
    internal int ElementBytes => DType switch { DType.Float64 => sizeof(double), DType.Float32 => sizeof(float), _ => sizeof(ushort) };

    /// <summary>Whether tensors are of a 16-bit format, narrower than the arithmetic.</summary>
    internal bool IsNarrow => DType is DType.Float16 or DType.BFloat16;

    /// <summary>Element type of states and arithmetic.</summary>
    internal DType StateType => IsNarrow ? DType.Float32 : DType;

    /// <summary>The backward pass of a declaration that must have one.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    internal BackwardTraits RequireBackward() =>
        Backward ?? throw new InvalidOperationException($"{Name} was compiled without a backward pass; compile it again with this version of KernelGen");
}

/// <summary>What the phases of a sweep that is cut along the sequence keep for each chunk of a group: a slot.</summary>
/// <param name="SlotLength">Elements of a slot, a multiple of 64 bytes.</param>
/// <param name="Sums">Elements, from a slot's first, that hold the chunk's sums: what a fold goes over; a multiple of 64 bytes.</param>
/// <param name="Emits">Whether the sweep has outputs: whether <see cref="IStateKernel{T}.Emit"/> is called.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record WindowTraits(int SlotLength, int Sums, bool Emits);

/// <summary>
/// Offsets in elements from the start of a state block (one sequence and head); -1 where the declaration has no such part. The parts
/// before <see cref="ChunkOffset"/> are the state proper at the last chunk boundary; from there on lie the mapped keys and the values of the
/// unfinished chunk, which mean nothing when it is empty.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record StateLayout
{
    /// <summary>Elements of a block, a multiple of 64 bytes.</summary>
    public required int Length { get; init; }

    /// <summary>S, M rows of <see cref="SumStride"/> elements, of which the first E count (the rest are zero).</summary>
    public required int SumOffset { get; init; }

    /// <summary>Elements from a row of S to the next.</summary>
    public required int SumStride { get; init; }

    /// <summary>The compensation of S, laid out like S.</summary>
    public required int SumCompensationOffset { get; init; }

    /// <summary>z, M elements.</summary>
    public required int NormalizerOffset { get; init; }

    /// <summary>The compensation of z.</summary>
    public required int NormalizerCompensationOffset { get; init; }

    /// <summary>Where the unfinished chunk's tiles begin.</summary>
    public required int ChunkOffset { get; init; }
}
