using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>A backward pass beside the forward pass of the same call, and as a fraction of the machine's arithmetic.</summary>
internal static class BackwardFigures
{
    private const string Forward = "forward", Backward = "backward", Peak = "FMA peak";

    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(4);

    /// <summary>Time of the backward pass over that of the forward pass, in turns.</summary>
    public static Reading OverForward(Variant variant, int heads, int length)
    {
        Tensors tensors = new(new AttentionShape(Batch: 1, length, heads), variant.HeadDim);
        Contest contest = new Contest()
            .Enter(Forward, () => variant.Enter(tensors))
            .Enter(Backward, () => variant.EnterBackward(tensors))
            .Run(_budget);
        return Reading.Ratio(contest.Of(Backward), contest.Of(Forward));
    }

    /// <summary>Useful flop/s over the FMA peak, kernel and peak in turns.</summary>
    public static Reading OfPeak(Variant variant, int heads, int length, InstructionSet level)
    {
        (Action run, double flops) = MachineLimits.FmaRun(level);
        Tensors tensors = new(new AttentionShape(Batch: 1, length, heads), variant.HeadDim);
        Contest contest = new Contest()
            .Enter(Backward, () => variant.EnterBackward(tensors))
            .Enter(Peak, () => new Contestant(run, RelativeRms: 0, Allowed: 0))
            .Run(_budget);
        double peak = Math.Max(flops / contest.Of(Peak).Minimum, MachineLimits.FmaPeak(level));
        return Reading.Of(contest.Of(Backward), seconds => variant.UsefulBackwardFlops(tensors) / peak / seconds);
    }
}
