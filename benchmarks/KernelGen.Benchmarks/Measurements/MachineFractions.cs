using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>A forward pass as a fraction of what the machine can do. Useful flops only: executed ones would reward waste.</summary>
internal static class MachineFractions
{
    private const string Kernel = "KernelGen", Peak = "FMA peak";

    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(2);

    /// <summary>Useful flop/s over the FMA peak of <paramref name="level"/>, kernel and peak in turns.</summary>
    public static Reading OfPeak(Variant variant, int heads, int length, InstructionSet level)
    {
        (Tensors tensors, Timing kernel, double peak) = Measure(variant, heads, length, level);
        double flops = variant.UsefulFlops(tensors);
        return Reading.Of(kernel, seconds => flops / peak / seconds);
    }

    /// <summary>
    /// The shortest time that arithmetic and memory allow, over the time taken: the longer of useful flops at the FMA peak, and q, k and v read
    /// and o written once at the bandwidth of that mix and footprint.
    /// </summary>
    public static Reading OfRoofline(Variant variant, int heads, int length, InstructionSet level)
    {
        (Tensors tensors, Timing kernel, double peak) = Measure(variant, heads, length, level);
        long bytes = 4L * tensors.Q.Length * sizeof(float);
        double bound = Math.Max(variant.UsefulFlops(tensors) / peak, bytes / MachineLimits.StreamBandwidth(bytes));
        return Reading.Of(kernel, seconds => bound / seconds);
    }

    private static (Tensors Tensors, Timing Kernel, double Peak) Measure(Variant variant, int heads, int length, InstructionSet level)
    {
        (Action run, double flops) = MachineLimits.FmaRun(level);
        Tensors tensors = new(new AttentionShape(Batch: 1, length, heads), variant.HeadDim);
        Contest contest = new Contest()
            .Enter(Kernel, () => variant.Enter(tensors, level))
            .Enter(Peak, () => new Contestant(run, RelativeRms: 0, Allowed: 0))
            .Run(_budget);

        // The best the machine was seen to do, now or when its limits were measured: a busy minute must not flatter the kernel.
        double peak = Math.Max(flops / contest.Of(Peak).Minimum, MachineLimits.FmaPeak(level));
        return (tensors, contest.Of(Kernel), peak);
    }
}
