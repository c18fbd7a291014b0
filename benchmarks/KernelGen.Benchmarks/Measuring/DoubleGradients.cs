using System.Numerics.Tensors;

namespace KernelGen.Benchmarks.Measuring;

/// <summary>
/// Gradients of <see cref="DoubleReference"/>'s outputs as their definition reads, in double, for one head. Left to right, with S and z after
/// token t: w = S dO_t, inv = 1 / (phi(q).z + eps), dn = -inv^2 phi(q).w, dphi(q) = inv w + dn z. Right to left: dS += phi(q) (inv dO)^T and
/// dz += dn phi(q), then dphi(k) = dS v + dz and dv = dS^T phi(k), then both fade.
/// </summary>
internal sealed class DoubleGradients
{
    private readonly Tensors _tensors;
    private readonly Mathematics _mathematics;
    private readonly PinnedBuffer _outputGradient;
    private readonly int _dim;
    private readonly double[] _q, _k, _v, _do, _w;

    private DoubleGradients(Tensors tensors, Mathematics mathematics, PinnedBuffer outputGradient)
    {
        (_tensors, _mathematics, _outputGradient, _dim) = (tensors, mathematics, outputGradient, tensors.HeadDim);
        (_q, _k, _v, _do, _w) = (new double[_dim], new double[_dim], new double[_dim], new double[_dim], new double[_dim]);
    }

    /// <summary>The largest of the relative RMS deviations of dq, dk and dv.</summary>
    public static double RelativeRms(Tensors tensors, Mathematics mathematics, PinnedBuffer outputGradient, PinnedBuffer dq, PinnedBuffer dk, PinnedBuffer dv)
    {
        DoubleGradients reference = new(tensors, mathematics, outputGradient);
        Deviation queries = default, keys = default, values = default;
        for (int n = 0; n < tensors.Shape.Batch; n++)
        {
            for (int h = 0; h < tensors.Shape.Heads; h++)
                reference.Head(n, h, (dq, dk, dv), ref queries, ref keys, ref values);
        }

        return Math.Max(queries.RelativeRms, Math.Max(keys.RelativeRms, values.RelativeRms));
    }

    private void Head(int n, int h, (PinnedBuffer Q, PinnedBuffer K, PinnedBuffer V) actual, ref Deviation queries, ref Deviation keys, ref Deviation values)
    {
        AttentionShape shape = _tensors.Shape;
        double decay = Math.Exp(-_mathematics.Slope(h, shape.Heads));
        double[] state = new double[_dim * _dim], normalizer = new double[_dim];
        double[] inverse = new double[shape.Length], denominator = new double[shape.Length], gradient = new double[_dim];
        for (int t = 0; t < shape.Length; t++)
        {
            int at = Load(n, t, h);
            for (int i = 0; i < _dim; i++)
            {
                Span<double> row = state.AsSpan(i * _dim, _dim);
                TensorPrimitives.Multiply(row, decay, row);
                TensorPrimitives.MultiplyAdd(_v, _k[i], row, row);
                _w[i] = TensorPrimitives.Dot<double>(row, _do);
            }

            TensorPrimitives.MultiplyAdd(normalizer, decay, _k, normalizer);
            inverse[t] = 1;
            if (_mathematics.Epsilon is double epsilon)
            {
                inverse[t] = 1 / (TensorPrimitives.Dot<double>(_q, normalizer) + epsilon);
                denominator[t] = -inverse[t] * inverse[t] * TensorPrimitives.Dot<double>(_q, _w);
            }

            for (int i = 0; i < _dim; i++)
                gradient[i] = ((inverse[t] * _w[i]) + (denominator[t] * normalizer[i])) * _mathematics.Derivative(_tensors.Q.Span[at + i]);
            queries.Add(actual.Q.Span.Slice(at, _dim), gradient);
        }

        state.AsSpan().Clear();
        normalizer.AsSpan().Clear();
        double[] valueGradient = new double[_dim];
        for (int t = shape.Length - 1; t >= 0; t--)
        {
            int at = Load(n, t, h);
            TensorPrimitives.Multiply(_do, inverse[t], _do);
            TensorPrimitives.MultiplyAdd(_q, denominator[t], normalizer, normalizer);
            valueGradient.AsSpan().Clear();
            for (int i = 0; i < _dim; i++)
            {
                Span<double> row = state.AsSpan(i * _dim, _dim);
                TensorPrimitives.MultiplyAdd(_do, _q[i], row, row);
                gradient[i] = (TensorPrimitives.Dot<double>(row, _v) + normalizer[i]) * _mathematics.Derivative(_tensors.K.Span[at + i]);
                TensorPrimitives.MultiplyAdd(row, _k[i], valueGradient, valueGradient);
                TensorPrimitives.Multiply(row, decay, row);
            }

            TensorPrimitives.Multiply(normalizer, decay, normalizer);
            keys.Add(actual.K.Span.Slice(at, _dim), gradient);
            values.Add(actual.V.Span.Slice(at, _dim), valueGradient);
        }
    }

    /// <summary>Maps and widens a token's rows; returns where they lie.</summary>
    private int Load(int n, int t, int h)
    {
        int at = ((((n * _tensors.Shape.Length) + t) * _tensors.Shape.Heads) + h) * _dim;
        for (int i = 0; i < _dim; i++)
        {
            _q[i] = _mathematics.Map(_tensors.Q.Span[at + i]);
            _k[i] = _mathematics.Map(_tensors.K.Span[at + i]);
            _v[i] = _tensors.V.Span[at + i];
            _do[i] = _outputGradient.Span[at + i];
        }

        return at;
    }
}
