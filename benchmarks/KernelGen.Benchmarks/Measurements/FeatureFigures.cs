using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>
/// Forward passes with projected features as fractions of one core's multiply-adds at the widest level that the machine has; useful flops are 4 M E a token and head for the state and 4 P D for the
/// projections of q and k, the maps' own are not counted. Outputs are checked against the same declaration in double.
/// </summary>
internal static class FeatureFigures
{
    private const string Kernel = "KernelGen", Peak = "FMA peak", BuiltIn = "built in", Own = "own";

    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(2);

    private delegate void Call<T>(ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, Span<T> o, in AttentionShape shape, in AttentionOptions<T> options)
        where T : unmanaged;

    public static Reading Performer(int length)
    {
        FeatureProjection<float> projection = FeatureProjection.Draw<float>(RandomFeatures.Orthogonal, features: 256, headDim: 64, seed: 1);
        return OfPeak(length, 64, Performer64.Info, Performer64.Forward, Performer64Double.Forward, projection, null);
    }

    public static Reading Hedgehog(int length)
    {
        // Learned weights are about 1 / sqrt(D) large.
        FeatureProjection<float> queries = Weights(seed: 1), keys = Weights(seed: 2);
        return OfPeak(length, 128, Hedgehog128.Info, Hedgehog128.Forward, Hedgehog128Double.Forward, queries, keys);
    }

    /// <summary>The time of elu + 1 as a user's own method over that of the built-in map, in turns.</summary>
    public static Reading OwnMap(int heads, int length)
    {
        Tensors tensors = new(new AttentionShape(Batch: 1, length, heads), 64);
        Variant own = Variant.LinearTransformer64 with { Forward = OwnElu64.Forward, Backward = OwnElu64.Backward, Step = OwnElu64.Step, CreateState = OwnElu64.CreateState, Info = OwnElu64.Info };
        Contest contest = new Contest().Enter(BuiltIn, () => Variant.LinearTransformer64.Enter(tensors)).Enter(Own, () => own.Enter(tensors)).Run(_budget);
        return Reading.Ratio(contest.Of(Own), contest.Of(BuiltIn));
    }

    private static Reading OfPeak(int length, int headDim, AttentionInfo info, Call<float> forward, Call<double> reference, FeatureProjection<float> projection, FeatureProjection<float>? keyProjection)
    {
        InstructionSet level = MachineLimits.Has(InstructionSet.Avx512) ? InstructionSet.Avx512 : InstructionSet.Avx2;
        (Action run, double peakFlops) = MachineLimits.FmaRun(level);
        Tensors tensors = new(new AttentionShape(Batch: 1, length, Heads: 1), headDim);
        Contest contest = new Contest()
            .Enter(Kernel, Enter)
            .Enter(Peak, () => new Contestant(run, RelativeRms: 0, Allowed: 0))
            .Run(_budget);
        double peak = Math.Max(peakFlops / contest.Of(Peak).Minimum, MachineLimits.FmaPeak(level));
        double flops = (double)info.FlopsPerToken * length;
        return Reading.Of(contest.Of(Kernel), seconds => flops / peak / seconds);

        Contestant Enter()
        {
            PinnedBuffer o = tensors.NewOutput();
            Workspace workspace = new();
            Run();
            double[] expected = new double[tensors.Q.Length];
            reference(Wide(tensors.Q), Wide(tensors.K), Wide(tensors.V), expected, tensors.Shape, new() { Projection = Wide(projection), KeyProjection = keyProjection is null ? null : Wide(keyProjection) });
            Deviation deviation = default;
            deviation.Add(o.Span, expected);
            return new Contestant(Run, deviation.RelativeRms, Variant.AllowedRms);

            void Run() => forward(
                tensors.Q.Span, tensors.K.Span, tensors.V.Span, o.Span, tensors.Shape,
                new() { Projection = projection, KeyProjection = keyProjection, Cap = level, MaxDegreeOfParallelism = 1, Workspace = workspace });
        }
    }

    private static FeatureProjection<float> Weights(long seed)
    {
        float[] rows = new float[64 * 128];
        FeatureProjection.Draw<float>(RandomFeatures.Gaussian, features: 64, headDim: 128, seed).CopyTo(rows);
        return FeatureProjection.Create<float>(Array.ConvertAll(rows, x => x / MathF.Sqrt(128)), 64, 128);
    }

    private static double[] Wide(PinnedBuffer buffer)
    {
        double[] values = new double[buffer.Span.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = buffer.Span[i];
        return values;
    }

    private static FeatureProjection<double> Wide(FeatureProjection<float> projection)
    {
        float[] rows = new float[projection.Features * projection.HeadDim];
        projection.CopyTo(rows);
        return FeatureProjection.Create<double>(Array.ConvertAll(rows, x => (double)x), projection.Features, projection.HeadDim);
    }
}
