namespace KernelGen.Benchmarks.Measuring;

/// <summary>Random weights and rows of a TransNormerLLM block in float, and its results with the same numbers in double.</summary>
internal sealed class BlockTensors
{
    public const int Embed = 512, Heads = 4, HeadDim = 128, Glu = 1408;

    private static readonly (string Name, int Rows, int Columns)[] s_weights =
        [("qkvu", 4 * Heads * HeadDim, Embed), ("out", Embed, Heads * HeadDim), ("gate", Glu, Embed), ("up", Glu, Embed), ("down", Embed, Glu)];

    private readonly float[][] _weights = [.. s_weights.Select((w, i) => Normal(w.Rows * w.Columns, seed: i + 10, scale: 1 / Math.Sqrt(w.Columns)))];
    private readonly float[] _slopes = new float[Heads];

    public BlockTensors(int length)
    {
        Length = length;
        X = Normal(length * Embed, seed: 1, scale: 1);
        OutputGradient = Normal(length * Embed, seed: 2, scale: 1);
        LightningSlopes.Fill(_slopes, layer: 1, layers: 12);
    }

    public int Length { get; }

    public float[] X { get; }

    public float[] OutputGradient { get; }

    /// <summary>Floating point operations of the forward pass that are useful: 2 a weight and token, 4 D E a head and token for the attention.</summary>
    public double UsefulFlops => Length * ((2.0 * s_weights.Sum(w => (double)w.Rows * w.Columns)) + (4.0 * Heads * HeadDim * HeadDim));

    public TransNormerParameters<float> Parameters => new() { Qkvu = _weights[0], Output = _weights[1], Gate = _weights[2], Up = _weights[3], Down = _weights[4], Slopes = _slopes };

    /// <summary>y and dx in double precision, and the gradient of Wqkvu.</summary>
    public (double[] Y, double[] InputGradient, double[] QkvuGradient) Double()
    {
        double[][] weights = [.. _weights.Select(Wide)];
        TransNormerParameters<double> parameters = new() { Qkvu = weights[0], Output = weights[1], Gate = weights[2], Up = weights[3], Down = weights[4], Slopes = Wide(_slopes) };
        TransNormerWeights<double> packed = TransNormerBlock512Double.Pack(parameters, forTraining: true);
        TransNormerActivations<double> activations = new();
        double[] x = Wide(X), y = new double[X.Length], dx = new double[X.Length], qkvu = new double[weights[0].Length];
        TransNormerBlock512Double.Forward(x, packed, y, 1, Length, new() { Activations = activations });
        TransNormerBlock512Double.Backward(x, packed, activations, Wide(OutputGradient), dx, new() { Qkvu = qkvu });
        return (y, dx, qkvu);
    }

    public static double RelativeRms(ReadOnlySpan<float> actual, double[] expected)
    {
        double difference = 0, size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            size += expected[i] * expected[i];
        }

        return Math.Sqrt(difference / size);
    }

    private static double[] Wide(float[] values) => Array.ConvertAll(values, v => (double)v);

    /// <summary>Box and Muller's.</summary>
    private static float[] Normal(int count, int seed, double scale)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}
