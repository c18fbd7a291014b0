// Temporary: the runtime types and kernels that the generator and src/KernelGen will supply, as plain recurrences, so that the harness
// compiles and runs before they exist. Delete every StandIns*.cs when they do.
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace KernelGen;

public readonly record struct AttentionShape(int Batch, int Length, int Heads)
{
    public int KeyValueHeads { get; init; }

    public int KeyLength { get; init; }

    public TensorLayout Layout { get; init; }
}

public readonly ref struct AttentionOptions<T>
    where T : unmanaged
{
    public ReadOnlySpan<T> Slopes { get; init; }

    public Workspace? Workspace { get; init; }

    public InstructionSet? Cap { get; init; }
}

public sealed class Workspace;

public sealed record AttentionInfo(InstructionSet InstructionSet, int ChunkSize, string RegisterTile, long FlopsPerToken);

public sealed class AttentionState<T> : IDisposable
    where T : unmanaged
{
    internal AttentionState(int sequences, int heads, int blockLength)
    {
        Sequences = sequences;
        Heads = heads;
        Blocks = new double[(long)sequences * heads * blockLength];
    }

    public int Sequences { get; }

    public int Heads { get; }

    internal double[] Blocks { get; }

    public void Dispose()
    {
    }
}

/// <summary>S and z in double, one token at a time: slow and right.</summary>
public sealed class StandInRecurrence(int headDim, Func<float, float>? map, bool decays)
{
    private readonly int blockLength = (headDim * headDim) + headDim;

    public AttentionInfo Info { get; } = new(
        Vector512.IsHardwareAccelerated ? InstructionSet.Avx512 : InstructionSet.Avx2, 32, "none", 4L * headDim * headDim);

    public AttentionState<float> CreateState(int sequences, int heads) => new(sequences, heads, blockLength);

    public void Forward(ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o, in AttentionShape shape) =>
        Forward(q, k, v, o, shape, CreateState(shape.Batch, shape.Heads));

    public void Forward(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o, in AttentionShape shape, AttentionState<float> state)
    {
        Span<double> rows = stackalloc double[4 * headDim];
        for (int n = 0; n < shape.Batch; n++)
        {
            for (int t = 0; t < shape.Length; t++)
            {
                for (int h = 0; h < shape.Heads; h++)
                {
                    int row = ((((n * shape.Length) + t) * shape.Heads) + h) * headDim;
                    Token(
                        q.Slice(row, headDim), k.Slice(row, headDim), v.Slice(row, headDim), o.Slice(row, headDim),
                        state.Blocks.AsSpan(((n * shape.Heads) + h) * blockLength, blockLength),
                        decays ? Math.Exp(-LightningSlopes.Of(h, shape.Heads)) : 1.0, rows);
                }
            }
        }
    }

    private void Token(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o, Span<double> block, double decay, Span<double> rows)
    {
        Span<double> wideQ = rows[..headDim];
        Span<double> wideK = rows.Slice(headDim, headDim);
        Span<double> wideV = rows.Slice(2 * headDim, headDim);
        Span<double> wideO = rows[(3 * headDim)..];
        for (int i = 0; i < headDim; i++)
        {
            wideQ[i] = map is null ? q[i] : map(q[i]);
            wideK[i] = map is null ? k[i] : map(k[i]);
        }

        TensorPrimitives.ConvertTruncating(v, wideV);
        wideO.Clear();
        for (int i = 0; i < headDim; i++)
        {
            Span<double> state = block.Slice(i * headDim, headDim);
            if (decays)
                TensorPrimitives.Multiply(state, decay, state);
            TensorPrimitives.MultiplyAdd(wideV, wideK[i], state, state);
            TensorPrimitives.MultiplyAdd(state, wideQ[i], wideO, wideO);
        }

        if (map is not null)
        {
            Span<double> normalizer = block[(headDim * headDim)..];
            TensorPrimitives.Add(normalizer, wideK, normalizer);
            TensorPrimitives.Divide(wideO, TensorPrimitives.Dot<double>(wideQ, normalizer) + 1e-6, wideO);
        }

        TensorPrimitives.ConvertTruncating<double, float>(wideO, o);
    }
}
