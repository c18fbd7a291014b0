using ILGPU;
using ILGPU.Runtime;
using KernelGen.Runtime;

namespace KernelGen.Gpu;

/// <summary>What the kernels of a call have in common.</summary>
/// <param name="Geometry">The call's shape.</param>
/// <param name="Layout">The layout of its tensors.</param>
/// <param name="Sequences">Sequences N.</param>
/// <param name="IsPacked">Whether sequences lie behind one another in one row of the batch.</param>
/// <param name="LongestQueries">Queries of the longest sequence.</param>
/// <param name="LongestKeys">Keys likewise.</param>
/// <param name="Stream">Where kernels are launched.</param>
/// <param name="Slopes">By head.</param>
/// <param name="QueryStarts">Where sequences begin, and the last ends.</param>
/// <param name="KeyStarts">Likewise for keys.</param>
/// <param name="Mask">Key padding, or empty.</param>
internal readonly record struct GpuCall(
    Geometry Geometry, TensorLayout Layout, int Sequences, bool IsPacked, int LongestQueries, int LongestKeys, AcceleratorStream Stream,
    ArrayView<float> Slopes, ArrayView<int> QueryStarts, ArrayView<int> KeyStarts, ArrayView<byte> Mask)
{
    public long Pairs => (long)Sequences * Geometry.Heads;

    public GpuRows QueryRows => Rows(Geometry.Query, 1);

    public GpuRows KeyRows => Rows(Geometry.Key, Geometry.Group);

    public GpuRows ValueRows => Rows(Geometry.Value, Geometry.Group);

    public GpuRows OutputRows => Rows(Geometry.Output, 1);

    public GpuRows MaskRows => new(IsPacked ? 0 : Geometry.KeyLength, 0, 1, 1);

    /// <summary>Packed sequences lie behind one another: where they begin is a token.</summary>
    public GpuRows Rows(RowStrides strides, int group) => new(IsPacked ? 0 : strides.Batch, strides.Head, strides.Token, group);

    /// <summary>Numbers by token, [B, H, T, parts].</summary>
    public GpuRows TokenRows(int tokens, int parts) => new(IsPacked ? 0 : (long)Geometry.Heads * tokens * parts, (long)tokens * parts, parts, 1);
}
