namespace KernelGen.Runtime;

/// <summary>A shape with its defaults filled in, and where rows lie; only <see cref="ShapeValidation"/> makes one.</summary>
internal readonly record struct Geometry
{
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
    }

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
}
