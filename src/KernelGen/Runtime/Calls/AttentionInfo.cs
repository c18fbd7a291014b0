using System.Globalization;
using KernelGen.Runtime;

namespace KernelGen;

/// <summary>What a declaration became on this machine: its sizes, the kernels that calls will use, and what a token costs.</summary>
public sealed class AttentionInfo
{
    private readonly KernelTraits _traits;
    private readonly int _elementSize;

    internal AttentionInfo(KernelTraits traits, int elementSize, InstructionSet? cap)
    {
        _traits = traits;
        _elementSize = elementSize;
        InstructionSet = InstructionSetSupport.Choose(traits.InstructionSets, cap);
    }

    /// <summary>Full name of the declared class.</summary>
    public string Name => _traits.Name;

    /// <summary>Identity of the mathematics, and of everything that a saved state depends on.</summary>
    public string Variant => _traits.Variant;

    /// <summary>The instruction set that calls use on this machine.</summary>
    public InstructionSet InstructionSet { get; }

    /// <summary>Instruction sets that kernels were emitted for.</summary>
    public InstructionSets InstructionSets => _traits.InstructionSets;

    /// <summary>Element type of tensors; states and arithmetic are float's where it is a 16-bit format.</summary>
    public DType DType => _traits.DType;

    /// <summary>Width D of query and key rows.</summary>
    public int HeadDim => _traits.HeadDim;

    /// <summary>Width M of mapped rows: rows of a state.</summary>
    public int FeatureDim => _traits.FeatureDim;

    /// <summary>Width E of value and output rows: columns of a state.</summary>
    public int ValueDim => _traits.ValueDim;

    /// <summary>Tokens in a chunk, the same for every pass and instruction set.</summary>
    public int ChunkSize => _traits.ChunkSize;

    /// <summary>Whether token t sees only keys s &lt;= t.</summary>
    public bool Causal => _traits.Causal;

    /// <summary>Whether outputs are divided by the sum of their weights: plain states then have a normaliser.</summary>
    public bool Normalized => _traits.Normalized;

    /// <summary>How the past fades.</summary>
    public Decay Decay => _traits.Decay;

    /// <summary>Register tile of the widest contraction of <see cref="InstructionSet"/>'s kernels, "rows x columns".</summary>
    public string RegisterTile => _traits.RegisterTiles[(int)InstructionSet];

    /// <summary>Useful floating point operations a token and head, 4 M E: 2 M E for the state's update and as many for its read; with random features 4 M D more, for the projections of queries and keys.</summary>
    public long FlopsPerToken => _traits.UsefulFlopsPerToken;

    /// <summary>Useful floating point operations of a backward call a token and head: twice the forward's, for every product has two factors.</summary>
    public long BackwardFlopsPerToken => 2 * _traits.UsefulFlopsPerToken;

    /// <summary>Bytes of q, k, v and o a token and head, every head with a key and value of its own.</summary>
    public long BytesPerToken => 2L * (HeadDim + ValueDim) * _traits.ElementBytes;

    /// <summary>Bytes of a state object a sequence and head, compensation and unfinished chunk included.</summary>
    public long StateBytes => (long)_traits.State.Length * _elementSize;

    /// <summary>Bytes of workspace that a call needs: what <see cref="Workspace(long)"/> may start with.</summary>
    /// <param name="shape">Sizes of the call.</param>
    /// <exception cref="ArgumentException">The shape is not one that the declaration can have.</exception>
    public long WorkspaceBytes(in AttentionShape shape) => WorkspaceBytes(shape, 0);

    /// <summary>Bytes of workspace that a call with <c>AttentionOptions.MaxDegreeOfParallelism</c> needs.</summary>
    /// <inheritdoc cref="WorkspaceBytes(in AttentionShape)"/>
    /// <param name="shape">Sizes of the call.</param>
    /// <param name="maxDegreeOfParallelism">Most threads, 0 for all processors.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxDegreeOfParallelism"/> is negative.</exception>
    public long WorkspaceBytes(in AttentionShape shape, int maxDegreeOfParallelism)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxDegreeOfParallelism);
        Geometry geometry = ShapeValidation.Resolve(shape, _traits);

        // Of packed sequences there may be few, which are then cut.
        Partition partition = Partition.Of(geometry, geometry.Batch, maxDegreeOfParallelism, _traits, _elementSize);
        return CallPlan.For(_traits, _elementSize, geometry, partition).Bytes;
    }

    /// <summary>Bytes of workspace that a backward call needs: what <see cref="Workspace(long)"/> may start with. Packed sequences need no more.</summary>
    /// <param name="shape">Sizes of the call.</param>
    /// <exception cref="ArgumentException">The shape is not one that the declaration can have.</exception>
    /// <exception cref="InvalidOperationException">The declaration was compiled without a backward pass.</exception>
    public long BackwardWorkspaceBytes(in AttentionShape shape) => BackwardWorkspaceBytes(shape, 0);

    /// <summary>Bytes of workspace that a backward call with <c>BackwardOptions.MaxDegreeOfParallelism</c> needs.</summary>
    /// <inheritdoc cref="BackwardWorkspaceBytes(in AttentionShape)"/>
    /// <param name="shape">Sizes of the call.</param>
    /// <param name="maxDegreeOfParallelism">Most threads, 0 for all processors.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxDegreeOfParallelism"/> is negative.</exception>
    public long BackwardWorkspaceBytes(in AttentionShape shape, int maxDegreeOfParallelism)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxDegreeOfParallelism);
        _traits.RequireBackward();
        Geometry geometry = ShapeValidation.Resolve(shape, _traits);
        int longest = geometry.Batch == 0 ? 0 : Math.Max(geometry.Length, geometry.KeyLength);
        return BackwardPlan.For(_traits, _elementSize, geometry, geometry.Batch, longest, maxDegreeOfParallelism, sharesSmallCalls: false, ProjectionSums.Elements(_traits)).Bytes;
    }

    /// <summary>The same facts for calls with <c>AttentionOptions.Cap</c>.</summary>
    /// <param name="cap">The widest instruction set allowed.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such instruction set.</exception>
    public AttentionInfo ForCap(InstructionSet cap)
    {
        OptionsValidation.CheckCap(cap, nameof(cap));
        return new AttentionInfo(_traits, _elementSize, cap);
    }

    /// <summary>All of it, one fact a line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        {Name}
          variant          {Variant}
          instruction set  {InstructionSet} (emitted: {InstructionSets}), register tile {RegisterTile}
          dims             D = {HeadDim}, M = {FeatureDim}, E = {ValueDim}, chunk {ChunkSize}, {DType}
          form             {(Causal ? "causal" : "not causal")}, {(Normalized ? "normalised" : "not normalised")}, decay {Decay}
          token and head   {FlopsPerToken} useful flops, {BackwardFlopsPerToken} backward, {BytesPerToken} bytes of q, k, v and o
          state            {StateBytes} bytes a sequence and head
        """);
}
