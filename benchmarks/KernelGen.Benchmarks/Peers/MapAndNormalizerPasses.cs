using System.Numerics.Tensors;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Peers;

/// <summary>
/// What a user of the bare op adds around it to have the Linear Transformer: elu + 1 of q and k before, the division by the running
/// normaliser after, as passes over the tensors with the framework's vectorised primitives.
/// </summary>
internal sealed class MapAndNormalizerPasses(Tensors tensors, PinnedBuffer output)
{
    private const float Epsilon = 1e-6f;

    /// <summary>Elements mapped at a time: all of a block's intermediate results stay in L1.</summary>
    private const int Block = 1024;

    private readonly float[] _exponential = new float[Block];
    private readonly float[] _normalizer = new float[tensors.Shape.Heads * tensors.HeadDim];

    /// <summary>phi(q), the op's query.</summary>
    public PinnedBuffer MappedQ { get; } = tensors.NewOutput();

    /// <summary>phi(k), the op's key.</summary>
    public PinnedBuffer MappedK { get; } = tensors.NewOutput();

    /// <summary>Before the op.</summary>
    public void Map()
    {
        Map(tensors.Q.Span, MappedQ.Span);
        Map(tensors.K.Span, MappedK.Span);
    }

    /// <summary>After the op: o_t /= phi(q_t).z_t + eps, z_t the sum of phi(k) up to t.</summary>
    public void Normalize()
    {
        int dim = tensors.HeadDim;
        int width = _normalizer.Length;
        for (int n = 0; n < tensors.Shape.Batch; n++)
        {
            _normalizer.AsSpan().Clear();
            for (int t = 0; t < tensors.Shape.Length; t++)
            {
                int token = ((n * tensors.Shape.Length) + t) * width;
                TensorPrimitives.Add(_normalizer, MappedK.Span.Slice(token, width), _normalizer);
                for (int h = 0; h < width; h += dim)
                {
                    float weight = TensorPrimitives.Dot(MappedQ.Span.Slice(token + h, dim), _normalizer.AsSpan(h, dim));
                    Span<float> row = output.Span.Slice(token + h, dim);
                    TensorPrimitives.Multiply(row, 1f / (weight + Epsilon), row);
                }
            }
        }
    }

    /// <summary>elu(x) + 1 = max(x, 0) + exp(min(x, 0)), exactly, without a branch.</summary>
    private void Map(ReadOnlySpan<float> source, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i += Block)
        {
            ReadOnlySpan<float> x = source.Slice(i, Math.Min(Block, source.Length - i));
            Span<float> exp = _exponential.AsSpan(0, x.Length);
            Span<float> phi = destination.Slice(i, x.Length);
            TensorPrimitives.Min(x, 0f, exp);
            TensorPrimitives.Exp<float>(exp, exp);
            TensorPrimitives.Max(x, 0f, phi);
            TensorPrimitives.Add(phi, exp, phi);
        }
    }
}
