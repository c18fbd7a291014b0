namespace KernelGen.Benchmarks.Measuring;

/// <summary>q, k and v filled from fixed seeds, all [B, T, H, D] with D = E. Outputs are each contestant's own: <see cref="NewOutput"/>.</summary>
internal sealed class Tensors
{
    public Tensors(AttentionShape shape, int headDim, Placement placement = Placement.Line)
    {
        Placement = placement;
        Shape = shape;
        HeadDim = headDim;
        Q = NewOutput().FillUniform(seed: 1);
        K = NewOutput().FillUniform(seed: 2);
        V = NewOutput().FillUniform(seed: 3);
    }

    public AttentionShape Shape { get; }

    public int HeadDim { get; }

    public Placement Placement { get; }

    public PinnedBuffer Q { get; }

    public PinnedBuffer K { get; }

    public PinnedBuffer V { get; }

    /// <summary>Tokens times heads times sequences: rows of each tensor.</summary>
    public long Rows => (long)Shape.Batch * Shape.Length * Shape.Heads;

    public PinnedBuffer NewOutput() => new(Rows * HeadDim, Placement);
}
