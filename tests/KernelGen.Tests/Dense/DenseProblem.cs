namespace KernelGen.Tests.Dense;

/// <summary>Random tensors of a layer, numbers that float holds, and what the layer makes of them in double precision.</summary>
internal sealed class DenseProblem
{
    private const double Epsilon = 1e-6;

    private readonly Layer _layer;

    public DenseProblem(Layer layer, int tokens)
    {
        var random = new Random(1000 + tokens);
        (_layer, Tokens) = (layer, tokens);
        X = Numbers(tokens * layer.Info.Inputs, 1);
        Weights = Numbers(layer.WeightRows * layer.Info.Inputs, 2 / Math.Sqrt(layer.Info.Inputs));
        Bias = Numbers(layer.HasBias ? layer.WeightRows : 0, 0.5);
        OutputGradient = Numbers(tokens * layer.Info.Outputs, 1);

        double[] Numbers(int count, double scale) => Enumerable.Range(0, count).Select(_ => (double)(float)(((2 * random.NextDouble()) - 1) * scale)).ToArray();
    }

    public int Tokens { get; }

    public double[] X { get; private init; }

    public double[] Weights { get; }

    public double[] Bias { get; }

    public double[] OutputGradient { get; }

    /// <summary>Some tokens of it alone.</summary>
    public DenseProblem Slice(int first, int count) => new(_layer, count, X[(first * _layer.Info.Inputs)..((first + count) * _layer.Info.Inputs)], Weights, Bias);

    private DenseProblem(Layer layer, int tokens, double[] x, double[] weights, double[] bias) =>
        (_layer, Tokens, X, Weights, Bias, OutputGradient) = (layer, tokens, x, weights, bias, []);

    public double[] Outputs()
    {
        int outputs = _layer.Info.Outputs;
        double[] y = new double[Tokens * outputs];
        for (int t = 0; t < Tokens; t++)
        {
            double[] h = Prepared(t, out _), z = Sums(h);
            for (int o = 0; o < outputs; o++)
                y[(t * outputs) + o] = _layer.Activation(z[o]) * (_layer.IsGated ? z[outputs + o] : 1);
        }

        return y;
    }

    public DenseGradients Gradients()
    {
        int inputs = _layer.Info.Inputs, outputs = _layer.Info.Outputs;
        double[] dx = new double[X.Length], dW = new double[Weights.Length], db = new double[_layer.WeightRows];
        for (int t = 0; t < Tokens; t++)
        {
            double[] h = Prepared(t, out double inverse), z = Sums(h), dz = new double[z.Length], dh = new double[inputs];
            for (int o = 0; o < outputs; o++)
            {
                double dy = OutputGradient[(t * outputs) + o];
                dz[o] = dy * _layer.Slope(z[o]) * (_layer.IsGated ? z[outputs + o] : 1);
                if (_layer.IsGated)
                    dz[outputs + o] = dy * _layer.Activation(z[o]);
            }

            for (int r = 0; r < dz.Length; r++)
            {
                db[r] += dz[r];
                for (int i = 0; i < inputs; i++)
                {
                    dW[(r * inputs) + i] += dz[r] * h[i];
                    dh[i] += dz[r] * Weights[(r * inputs) + i];
                }
            }

            double mean = h.Zip(dh, (a, b) => a * b).Sum() / inputs;
            for (int i = 0; i < inputs; i++)
                dx[(t * inputs) + i] = _layer.IsNormed ? inverse * (dh[i] - (h[i] * mean)) : dh[i];
        }

        return new DenseGradients(dx, dW, _layer.HasBias ? db : []);
    }

    private double[] Prepared(int token, out double inverse)
    {
        double[] x = X.AsSpan(token * _layer.Info.Inputs, _layer.Info.Inputs).ToArray();
        double factor = inverse = _layer.IsNormed ? 1 / Math.Sqrt((x.Sum(v => v * v) / x.Length) + Epsilon) : 1;
        return x.Select(v => v * factor).ToArray();
    }

    private double[] Sums(double[] h)
    {
        double[] z = new double[_layer.WeightRows];
        for (int r = 0; r < z.Length; r++)
        {
            z[r] = _layer.HasBias ? Bias[r] : 0;
            for (int i = 0; i < h.Length; i++)
                z[r] += Weights[(r * h.Length) + i] * h[i];
        }

        return z;
    }
}
