using System.Globalization;
using KernelGen;

// What a user of the package would write: three declarations. Each is compared with the definition, summed up in double by two plain loops.
const int Length = 75, Heads = 2, Dim = 16;
AttentionShape shape = new(Batch: 1, Length, Heads);
float[] q = Numbers(1), k = Numbers(2), v = Numbers(3), o = new float[q.Length];
float[] slopes = [0.02f, 0.3f];
double worst = 0;

BuiltIn.Forward(q, k, v, o, shape);
Compare("built in", x => x > 0 ? x + 1 : Math.Exp(x), h => 0, normalized: true);
OwnMap.Forward(q, k, v, o, shape);
Compare("own map", x => x > 0 ? 1 + x + (x * x / 2) : Math.Exp(x), h => 0, normalized: true);
Decaying.Forward(q, k, v, o, shape, new() { Slopes = slopes });
Compare("decaying", x => x, h => slopes[h], normalized: false);

Console.WriteLine($"level {BuiltIn.Info.InstructionSet}");
return worst < 1e-6 ? 0 : 1;

static float[] Numbers(int seed)
{
    Random random = new(seed);
    return [.. Enumerable.Range(0, Length * Heads * Dim).Select(_ => random.NextSingle() - 0.5f)];
}

static int Row(int t, int h) => ((t * Heads) + h) * Dim;

void Compare(string name, Func<double, double> phi, Func<int, double> slope, bool normalized)
{
    double difference = 0, magnitude = 0;
    for (int h = 0; h < Heads; h++)
    {
        for (int t = 0; t < Length; t++)
        {
            double[] expected = new double[Dim];
            double total = normalized ? 1e-6 : 1;
            for (int s = 0; s <= t; s++)
            {
                double weight = 0;
                for (int d = 0; d < Dim; d++)
                    weight += phi(q[Row(t, h) + d]) * phi(k[Row(s, h) + d]);
                weight *= Math.Exp(-slope(h) * (t - s));
                total += normalized ? weight : 0;
                for (int e = 0; e < Dim; e++)
                    expected[e] += weight * v[Row(s, h) + e];
            }

            for (int e = 0; e < Dim; e++)
            {
                difference += Math.Pow(o[Row(t, h) + e] - (expected[e] / total), 2);
                magnitude += Math.Pow(expected[e] / total, 2);
            }
        }
    }

    double error = Math.Sqrt(difference / magnitude);
    worst = Math.Max(worst, double.IsFinite(error) ? error : double.MaxValue);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: relative error {error:E2}"));
}

[LinearAttention(HeadDim = 16)]
internal static partial class BuiltIn;

[LinearAttention(HeadDim = 16)]
internal static partial class OwnMap
{
    [FeatureMap]
    private static float Phi(float x) => x > 0f ? 1f + x + (x * x / 2f) : MathF.Exp(x);
}

[LightningAttention(HeadDim = 16, Decay = Decay.PerHead)]
internal static partial class Decaying;
