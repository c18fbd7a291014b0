using System.Numerics.Tensors;

namespace KernelGen.Benchmarks.Measuring;

/// <summary>
/// Causal softmax attention by its definition, in double: o_t = sum_{s &lt;= t} softmax(q_t.k_s / sqrt(D)) v_s. Each token looks at all before it,
/// so only some are judged, spread over the sequence and over every place in a block.
/// </summary>
internal static class SoftmaxReference
{
    private const int Judged = 128;

    /// <summary>||o - reference|| / ||reference|| over the judged tokens of every sequence and head.</summary>
    public static double RelativeRms(Tensors tensors, ReadOnlySpan<float> o)
    {
        int dim = tensors.HeadDim;
        AttentionShape shape = tensors.Shape;

        // Odd, so that multiples of it fall on every remainder of a block's size, a power of two.
        int stride = (shape.Length / Judged) | 1;
        double[] keys = new double[shape.Length * dim], values = new double[shape.Length * dim];
        double[] weights = new double[shape.Length], query = new double[dim], output = new double[dim];
        Deviation deviation = default;
        for (int n = 0; n < shape.Batch; n++)
        {
            for (int h = 0; h < shape.Heads; h++)
            {
                for (int t = 0; t < shape.Length; t++)
                {
                    TensorPrimitives.ConvertChecked<float, double>(tensors.K.Span.Slice(Row(n, t, h), dim), keys.AsSpan(t * dim, dim));
                    TensorPrimitives.ConvertChecked<float, double>(tensors.V.Span.Slice(Row(n, t, h), dim), values.AsSpan(t * dim, dim));
                }

                for (int t = shape.Length - 1; t >= 0; t -= stride)
                {
                    TensorPrimitives.ConvertChecked<float, double>(tensors.Q.Span.Slice(Row(n, t, h), dim), query);
                    Token(query, keys, values, weights.AsSpan(0, t + 1), output);
                    deviation.Add(o.Slice(Row(n, t, h), dim), output);
                }
            }
        }

        return deviation.RelativeRms;

        int Row(int n, int t, int h) => ((((n * shape.Length) + t) * shape.Heads) + h) * dim;
    }

    /// <summary>The output of the token that sees as many keys as there are <paramref name="weights"/>.</summary>
    private static void Token(ReadOnlySpan<double> query, ReadOnlySpan<double> keys, ReadOnlySpan<double> values, Span<double> weights, Span<double> output)
    {
        int dim = query.Length;
        for (int s = 0; s < weights.Length; s++)
            weights[s] = TensorPrimitives.Dot(query, keys.Slice(s * dim, dim)) / Math.Sqrt(dim);
        TensorPrimitives.SoftMax<double>(weights, weights);

        output.Clear();
        for (int s = 0; s < weights.Length; s++)
            TensorPrimitives.MultiplyAdd(values.Slice(s * dim, dim), weights[s], output, output);
    }
}
