using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>A TransNormerLLM block as a fraction of one core's multiply-adds, at the widest level that the machine has.</summary>
internal static class BlockFigures
{
    private const string Block = "block", Peak = "FMA peak";

    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(6);

    public static Reading Forward(int length) => OfPeak(length, backward: false);

    /// <summary>The backward pass alone, from the activations of a forward pass: twice its useful flops.</summary>
    public static Reading Backward(int length) => OfPeak(length, backward: true);

    private static Reading OfPeak(int length, bool backward)
    {
        InstructionSet level = MachineLimits.Has(InstructionSet.Avx512) ? InstructionSet.Avx512 : InstructionSet.Avx2;
        (Action run, double peakFlops) = MachineLimits.FmaRun(level);
        BlockTensors tensors = new(length);
        Contest contest = new Contest()
            .Enter(Block, () => Enter(tensors, level, backward))
            .Enter(Peak, () => new Contestant(run, RelativeRms: 0, Allowed: 0))
            .Run(_budget);
        double peak = Math.Max(peakFlops / contest.Of(Peak).Minimum, MachineLimits.FmaPeak(level));
        double flops = tensors.UsefulFlops * (backward ? 2 : 1);
        return Reading.Of(contest.Of(Block), seconds => flops / peak / seconds);
    }

    private static Contestant Enter(BlockTensors tensors, InstructionSet level, bool backward)
    {
        TransNormerWeights<float> weights = TransNormerBlock512.Pack(tensors.Parameters, forTraining: backward);
        TransNormerActivations<float>? activations = backward ? new() : null;
        Workspace workspace = new();
        float[] y = new float[tensors.X.Length], dx = new float[tensors.X.Length];
        float[][] gradients = [.. new[] { tensors.Parameters.Qkvu.Length, tensors.Parameters.Output.Length, tensors.Parameters.Gate.Length, tensors.Parameters.Up.Length, tensors.Parameters.Down.Length }.Select(n => new float[n])];
        TransNormerBlock512.Forward(tensors.X, weights, y, 1, tensors.Length, new() { Cap = level, MaxDegreeOfParallelism = 1, Activations = activations, Workspace = workspace });
        (double[] expectedY, double[] expectedDx, double[] expectedQkvu) = tensors.Double();
        double error = BlockTensors.RelativeRms(y, expectedY);
        if (activations is null)
        {
            return new Contestant(
                () => TransNormerBlock512.Forward(tensors.X, weights, y, 1, tensors.Length, new() { Cap = level, MaxDegreeOfParallelism = 1, Workspace = workspace }), error, Variant.AllowedRms);
        }

        Back();
        error = Math.Max(BlockTensors.RelativeRms(dx, expectedDx), BlockTensors.RelativeRms(gradients[0], expectedQkvu));
        return new Contestant(Back, error, Variant.AllowedGradientRms);

        void Back() => TransNormerBlock512.Backward(
            tensors.X, weights, activations, tensors.OutputGradient, dx, new() { Qkvu = gradients[0], Output = gradients[1], Gate = gradients[2], Up = gradients[3], Down = gradients[4] },
            new() { Cap = level, MaxDegreeOfParallelism = 1, Workspace = workspace });
    }
}
