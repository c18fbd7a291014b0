using System.Diagnostics;

namespace Quickstart;

internal static class Speed
{
    private const int Runs = 50;

    /// <summary>The fastest of several runs: what the code can do when nothing disturbs it.</summary>
    public static double NanosecondsPerTokenAndHead(Attention attention, Tensors tensors)
    {
        double best = double.PositiveInfinity;
        for (int run = 0; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            attention.Forward(tensors.Q, tensors.K, tensors.V, tensors.O, tensors.Shape, default);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        return best / (tensors.Shape.Batch * tensors.Shape.Length * tensors.Shape.Heads);
    }
}
