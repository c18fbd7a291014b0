using System.Numerics.Tensors;

namespace KernelGen.Benchmarks.Measuring;

/// <summary>
/// Causal linear attention as its definition reads, one token after the other in double, for one head:
/// S_t = exp(-slope) S_{t-1} + phi(k_t) v_t^T, z_t likewise with phi(k_t), o_t = phi(q_t) S_t, divided by phi(q_t).z_t + eps where normalised.
/// Every output is compared with it before anything is timed. D = E.
/// </summary>
internal sealed class DoubleReference(int dim, Mathematics mathematics, double slope)
{
    private readonly double[] _sum = new double[dim * dim];
    private readonly double[] _normalizer = new double[dim];
    private readonly double[] _query = new double[dim];
    private readonly double[] _key = new double[dim];
    private readonly double[] _value = new double[dim];
    private readonly double[] _output = new double[dim];
    private readonly double _decay = Math.Exp(-slope);

    /// <summary>||o - reference|| / ||reference|| over every sequence, head and token of <paramref name="tensors"/>.</summary>
    public static double RelativeRms(Tensors tensors, Mathematics mathematics, ReadOnlySpan<float> o)
    {
        int dim = tensors.HeadDim;
        AttentionShape shape = tensors.Shape;
        Deviation deviation = default;
        for (int n = 0; n < shape.Batch; n++)
        {
            for (int h = 0; h < shape.Heads; h++)
            {
                DoubleReference reference = new(dim, mathematics, mathematics.Slope(h, shape.Heads));
                for (int t = 0; t < shape.Length; t++)
                {
                    int row = ((((n * shape.Length) + t) * shape.Heads) + h) * dim;
                    deviation.Add(o.Slice(row, dim), reference.Token(
                        tensors.Q.Span.Slice(row, dim), tensors.K.Span.Slice(row, dim), tensors.V.Span.Slice(row, dim)));
                }
            }
        }

        return deviation.RelativeRms;
    }

    /// <summary>Takes one token and returns its output, valid until the next call.</summary>
    public ReadOnlySpan<double> Token(ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v)
    {
        for (int i = 0; i < dim; i++)
        {
            _query[i] = mathematics.Map(q[i]);
            _key[i] = mathematics.Map(k[i]);
            _value[i] = v[i];
            _output[i] = 0;
        }

        for (int i = 0; i < dim; i++)
        {
            Span<double> row = _sum.AsSpan(i * dim, dim);
            if (_decay != 1)
                TensorPrimitives.Multiply(row, _decay, row);
            TensorPrimitives.MultiplyAdd(_value, _key[i], row, row);
            TensorPrimitives.MultiplyAdd(row, _query[i], _output, _output);
        }

        if (mathematics.Epsilon is double epsilon)
        {
            TensorPrimitives.MultiplyAdd(_normalizer, _decay, _key, _normalizer);
            TensorPrimitives.Divide(_output, TensorPrimitives.Dot<double>(_query, _normalizer) + epsilon, _output);
        }

        return _output;
    }
}
