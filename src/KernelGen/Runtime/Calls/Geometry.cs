namespace KernelGen.Runtime;

/// <summary>A shape with its defaults filled in, and where rows lie; only <see cref="ShapeValidation"/> makes one.</summary>
internal readonly record struct Geometry
{
    /// <summary>
    /// Elements of q, k and v from which kernels ask for rows ahead. Below, the processor's own prefetching does, and asking costs time: measured on
    /// backward passes of a head of 64, 5 % at 1,024 tokens, where eight heads of 4,096 tokens gain 15 %.
    /// </summary>
    private const long LargeElements = 1L << 20;

    public Geometry(in AttentionShape shape, KernelTraits traits)
    {
        Batch = shape.Batch;
        Length = shape.Length;
        KeyLength = shape.KeyLength == 0 ? shape.Length : shape.KeyLength;
        Heads = shape.Heads;
        KeyValueHeads = shape.KeyValueHeads == 0 ? shape.Heads : shape.KeyValueHeads;
        Group = Heads / KeyValueHeads;
        Query = RowStrides.Of(shape.Layout, Length, Heads, traits.HeadDim);
        Key = RowStrides.Of(shape.Layout, KeyLength, KeyValueHeads, traits.HeadDim);
        Value = RowStrides.Of(shape.Layout, KeyLength, KeyValueHeads, traits.ValueDim);
        Output = RowStrides.Of(shape.Layout, Length, Heads, traits.ValueDim);
        Gate = RowStrides.Of(shape.Layout, Length, Heads, 1);
        long queries = (long)Batch * Length * Heads, keys = (long)Batch * KeyLength * KeyValueHeads;
        IsLarge = ((queries + keys) * traits.HeadDim) + (keys * traits.ValueDim) >= LargeElements;
    }

    /// <summary>Whether q, k and v are too large for the caches near a core.</summary>
    public bool IsLarge { get; }

    public int Batch { get; }

    public int Length { get; }

    public int KeyLength { get; }

    public int Heads { get; }

    public int KeyValueHeads { get; }

    /// <summary>Query heads that share a key and value head.</summary>
    public int Group { get; }

    public RowStrides Query { get; }

    public RowStrides Key { get; }

    public RowStrides Value { get; }

    public RowStrides Output { get; }

    /// <summary>Of numbers of which there is one a query token and head.</summary>
    public RowStrides Gate { get; }
}
