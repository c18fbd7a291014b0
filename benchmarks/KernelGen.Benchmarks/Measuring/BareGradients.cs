using System.Numerics.Tensors;

namespace KernelGen.Benchmarks.Measuring;

/// <summary>
/// Gradients of the bare op (no map, no normaliser, no decay) by their definition, one token after the other in double. With
/// S_t = sum_{s &lt;= t} k_s v_s^T and G_t = sum_{s >= t} q_s dO_s^T: dq_t = S_t dO_t, dk_t = G_t v_t, dv_t = G_t^T k_t. D = E.
/// </summary>
internal static class BareGradients
{
    /// <summary>The largest of ||x - reference|| / ||reference|| of dq, dk and dv, over every sequence, head and token.</summary>
    public static double RelativeRms(
        Tensors tensors, ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> dq, ReadOnlySpan<float> dk, ReadOnlySpan<float> dv)
    {
        int dim = tensors.HeadDim;
        AttentionShape shape = tensors.Shape;
        double[] sum = new double[dim * dim], first = new double[dim], second = new double[dim], result = new double[dim], transposed = new double[dim];
        Deviation queries = default, keys = default, values = default;
        for (int n = 0; n < shape.Batch; n++)
        {
            for (int h = 0; h < shape.Heads; h++)
            {
                sum.AsSpan().Clear();
                for (int t = 0; t < shape.Length; t++)
                {
                    int row = Row(n, t, h);
                    Accumulate(tensors.K.Span.Slice(row, dim), Widen(tensors.V.Span.Slice(row, dim), first));
                    Widen(outputGradient.Slice(row, dim), second);
                    for (int i = 0; i < dim; i++)
                        result[i] = TensorPrimitives.Dot<double>(sum.AsSpan(i * dim, dim), second);
                    queries.Add(dq.Slice(row, dim), result);
                }

                sum.AsSpan().Clear();
                for (int t = shape.Length - 1; t >= 0; t--)
                {
                    int row = Row(n, t, h);
                    Accumulate(tensors.Q.Span.Slice(row, dim), Widen(outputGradient.Slice(row, dim), first));
                    Widen(tensors.V.Span.Slice(row, dim), second);
                    transposed.AsSpan().Clear();
                    for (int i = 0; i < dim; i++)
                    {
                        ReadOnlySpan<double> line = sum.AsSpan(i * dim, dim);
                        result[i] = TensorPrimitives.Dot(line, second);
                        TensorPrimitives.MultiplyAdd(line, tensors.K.Span[row + i], transposed, transposed);
                    }

                    keys.Add(dk.Slice(row, dim), result);
                    values.Add(dv.Slice(row, dim), transposed);
                }
            }
        }

        return Math.Max(queries.RelativeRms, Math.Max(keys.RelativeRms, values.RelativeRms));

        int Row(int n, int t, int h) => ((((n * shape.Length) + t) * shape.Heads) + h) * dim;

        void Accumulate(ReadOnlySpan<float> left, ReadOnlySpan<double> right)
        {
            for (int i = 0; i < left.Length; i++)
            {
                Span<double> line = sum.AsSpan(i * left.Length, left.Length);
                TensorPrimitives.MultiplyAdd(right, left[i], line, line);
            }
        }
    }

    private static double[] Widen(ReadOnlySpan<float> source, double[] destination)
    {
        TensorPrimitives.ConvertChecked(source, destination);
        return destination;
    }
}
