namespace KernelGen;

/// <summary>
/// What every attention declaration has in common: the shape of a head, causality, chunk, element type and scale.
/// Put a derived attribute (<see cref="LinearAttentionAttribute"/>, <see cref="LightningAttentionAttribute"/>) on a
/// <see langword="partial"/> class; the generator writes the kernels into the same class.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public abstract class AttentionAttribute : Attribute
{
    /// <summary>Chosen by rule: a function of head dim, value dim, element type, decay and normaliser only, so that every target and pass agrees.</summary>
    public const int Auto = 0;

    private protected AttentionAttribute()
    {
    }

    /// <summary>Width D of a query or key row, from 1 to 1024. Required.</summary>
    public int HeadDim { get; set; }

    /// <summary>Width E of a value row, from 1 to 1024; 0 (the default) means <see cref="HeadDim"/>.</summary>
    public int ValueDim { get; set; }

    /// <summary>Whether token t sees only keys s &lt;= t (the default), or every key.</summary>
    public bool Causal { get; set; } = true;

    /// <summary>Tokens in a chunk: <see cref="Auto"/> (the default), or a multiple of 16 from 16 to 128. One chunk serves forward, backward, step and every target.</summary>
    public int ChunkSize { get; set; } = Auto;

    /// <summary>Element type of q, k, v, outputs and their gradients; states and arithmetic are of the same, or, where it is a 16-bit format, of <see cref="float"/>.</summary>
    public DType DType { get; set; } = DType.Float32;

    /// <summary>Factor on every score q.k, applied after the feature map. Default 1: linear attention has no 1/sqrt(D).</summary>
    public double Scale { get; set; } = 1.0;

    /// <summary>Instruction sets to emit kernels for. Scalar is always emitted: it serves where nothing else does.</summary>
    public InstructionSets InstructionSets { get; set; } = InstructionSets.All;
}
