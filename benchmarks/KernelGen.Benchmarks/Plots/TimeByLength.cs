using KernelGen.Benchmarks.Measurements;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Plots;

/// <summary>One line of the plot: milliseconds at each length, NaN where there is no figure.</summary>
internal sealed record Series(string Title, int[] Lengths, double[] Milliseconds);

/// <summary>A causal forward pass of one head, D = 64, on one thread: its time against the length of the sequence.</summary>
internal static class TimeByLength
{
    public const int HeadDim = 64;

    private const int ShortestLog = 8, LongestLog = 17;

    /// <summary>Softmax attention stops here: twice the length is four times the time.</summary>
    private const int LongestSoftmax = 1 << 15;

    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(2.5);

    public static IReadOnlyList<Series> Measure(Figures figures)
    {
        SoftmaxBaseline softmax = SoftmaxBaseline.Choose();
        (string Name, string Title, int Longest, Func<Tensors, Contestant> Enter)[] lines =
        [
            ("linear_transformer", "KernelGen, linear transformer (elu + 1, normalised)", int.MaxValue, tensors => Variant.LinearTransformer64.Enter(tensors)),
            ("lightning", "KernelGen, lightning attention", int.MaxValue, tensors => Variant.Lightning64.Enter(tensors)),
            ("onnxruntime_linear", "ONNX Runtime LinearAttention (no map, no normaliser)", int.MaxValue,
                tensors => ForwardComparison.EnterBare(tensors, threads: 1)),
            (softmax.Name, softmax.Title, LongestSoftmax, softmax.Enter),
        ];

        int[] lengths = [.. Enumerable.Range(ShortestLog, LongestLog - ShortestLog + 1).Select(log => 1 << log)];
        double[][] milliseconds = [.. lines.Select(_ => new double[lengths.Length])];
        for (int i = 0; i < lengths.Length; i++)
        {
            Tensors tensors = new(new AttentionShape(Batch: 1, lengths[i], Heads: 1), HeadDim);
            Contest contest = new();
            foreach (var line in lines.Where(line => lengths[i] <= line.Longest))
                contest.Enter(line.Title, () => line.Enter(tensors));
            contest.Run(_budget);
            for (int s = 0; s < lines.Length; s++)
            {
                milliseconds[s][i] = lengths[i] > lines[s].Longest
                    ? double.NaN
                    : figures.Take($"forward.{lines[s].Name}.h1.t{lengths[i]}.d{HeadDim}.ms", () => contest.Of(lines[s].Title).Minimum * 1e3);
            }
        }

        return [.. lines.Select((line, s) => new Series(line.Title, lengths, milliseconds[s]))];
    }
}
