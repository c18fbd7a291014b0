using KernelGen.Runtime;
using KernelGen.Tests.Hosting;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

/// <summary>Projections: what they hold, how random ones are drawn, and which ones calls refuse.</summary>
public class FeatureProjectionTests
{
    [Fact]
    public void Create_Numbers_AreCopied()
    {
        float[] rows = [.. Enumerable.Range(1, 2 * 3 * 5).Select(i => (float)i)];
        FeatureProjection<float> projection = FeatureProjection.Create<float>(rows, 3, 5, heads: 2);
        float[] before = [.. rows], copy = new float[30];
        rows[0] = -1;

        projection.CopyTo(copy);

        Assert.Equal(before, copy);
        Assert.Equal((3, 5, 2), (projection.Features, projection.HeadDim, projection.Heads));
    }

    [Fact]
    public void Create_WrongArguments_AreRefused()
    {
        Refused("features", "features: expected 1 or more, got 0", () => FeatureProjection.Create<float>(new float[4], 0, 4));
        Refused("headDim", "headDim: expected 1 or more, got -1", () => FeatureProjection.Create<float>(new float[4], 4, -1));
        Refused("heads", "heads: expected 1 or more, and no more than one array can hold, got 0", () => FeatureProjection.Create<float>(new float[4], 2, 2, 0));
        Refused("heads", "got 2147483647", () => FeatureProjection.Draw<float>(RandomFeatures.Gaussian, 1 << 20, 1 << 20, 1, int.MaxValue));
        Refused("rows", "rows: expected 1*2*3 = 6 elements ([H, M, D]), got 7", () => FeatureProjection.Create<float>(new float[7], 2, 3));
        Refused("rows", "rows: expected finite numbers, got NaN at [1]", () => FeatureProjection.Create<double>([0, double.NaN], 1, 2));
        Refused("bias", "bias: expected 1*2 = 2 elements ([H, M]), got 3", () => FeatureProjection.Create<float>(new float[6], 2, 3, bias: new float[3]));
        Refused("bias", "bias: expected finite numbers, got Infinity at [1]", () => FeatureProjection.Create<float>(new float[6], 2, 3, bias: [0, float.PositiveInfinity]));
        Refused("scales", "scales: expected 1*3 = 3 elements ([H, D]), got 2", () => FeatureProjection.Scale<float>(new float[6], new float[2], 2, 3));
        Refused("rows", "rows: expected 2*2*3 = 12 elements ([H, M, D]), got 6", () => FeatureProjection.Scale<float>(new float[6], new float[6], 2, 3, heads: 2));
        Refused("scaleGradients", "scaleGradients: expected 1*3 = 3 elements ([H, D]), got 4", () => FeatureProjection.ScaleGradients<float>(new float[6], new float[6], new float[4], 2, 3));
        Refused("gradients", "gradients: expected 1*2*3 = 6 elements ([H, M, D]), got 5", () => FeatureProjection.ScaleGradients<float>(new float[6], new float[5], new float[3], 2, 3));
        Refused("draw", "draw: expected Orthogonal (0) to Givens (3), got 4", () => FeatureProjection.Draw<float>((RandomFeatures)4, 2, 2, 1));
        Refused("rows", "rows: expected 1*2*2 = 4 elements ([H, M, D]), got 3", () => FeatureProjection.Draw<float>(RandomFeatures.Gaussian, 2, 2, 1).CopyTo(new float[3]));
    }

    [Fact]
    public void Scale_TwoHeads_ScalesColumnsAndSumsTheirGradients()
    {
        double[] rows = [1, 2, 3, 4, 5, 6, 7, 8], copy = new double[8], gradients = new double[4];
        FeatureProjection.Scale<double>(rows, [10, 100, -1, 0.5], features: 2, headDim: 2, heads: 2).CopyTo(copy);
        FeatureProjection.ScaleGradients<double>(rows, [1, 1, 2, 0.5, 1, 0, 0, 1], gradients, features: 2, headDim: 2, heads: 2);

        Assert.Equal([10, 200, 30, 400, -5, 3, -7, 4], copy);
        Assert.Equal([1 + 6, 2 + 2, 5, 8], gradients);
    }

    [Fact]
    public void Backward_GradientsOfProjections_AreRefusedWhereThereAreNone()
    {
        Refuse<Projecting>("options.ProjectionGradients", "expected nothing, Projecting has no learned projection", new() { Projection = Projection(3, 2), ProjectionGradients = new float[6] });
        Refuse<Learning>("options.ProjectionGradients", "expected 1*3*2 = 6 elements ([H, M, D]), got 7", new() { Projection = Projection(3, 2), ProjectionGradients = new float[7] });
        Refuse<Learning>("options.ProjectionBiasGradients", "expected nothing, Learning has no learned bias", new() { Projection = Projection(3, 2), ProjectionBiasGradients = new float[3] });
        Refuse<Learning>("options.KeyProjectionGradients", "expected nothing, Learning has no learned projection for keys alone", new() { Projection = Projection(3, 2), KeyProjectionGradients = new float[6] });
        Refuse<Learning>("options.KeyProjection", "expected nothing, Learning has no projection for keys alone", new() { Projection = Projection(3, 2), KeyProjection = Projection(3, 2) });
        Refuse<Learning>("options.Projection", "expected no bias, got one", new() { Projection = FeatureProjection.Create<float>(new float[6], 3, 2, bias: new float[3]) });
        Refuse<Own>("options.KeyProjection", "expected M = 3 features of D = 2, got none", new() { Projection = FeatureProjection.Create<float>(new float[6], 3, 2, bias: new float[3]) });
        Refuse<Own>("options.Projection", "expected a bias, got none", new() { Projection = Projection(3, 2), KeyProjection = Projection(3, 2) });

        static void Refuse<TDeclaration>(string name, string message, BackwardOptions<float> options)
            where TDeclaration : struct, IDeclaration
        {
            float[] dq = new float[24], dk = new float[24], dv = new float[12];
            string refused = "";
            try
            {
                StateDriver.Backward<ScalarKernel<TDeclaration, float>, float>(new float[24], new float[24], new float[12], new float[12], dq, dk, dv, new AttentionShape(2, 3, 2), options);
            }
            catch (ArgumentException error)
            {
                refused = $"{error.ParamName} {error.Message}";
            }

            Assert.StartsWith(name, refused, StringComparison.Ordinal);
            Assert.Contains(message, refused, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Draw_Seed_AlwaysGivesTheSameNumbers()
    {
        double[] numbers = Rows(RandomFeatures.Gaussian, 2, 2, seed: 7);

        Assert.Equal(numbers, Rows(RandomFeatures.Gaussian, 2, 2, seed: 7));
        Assert.NotEqual(numbers, Rows(RandomFeatures.Gaussian, 2, 2, seed: 8));
        Assert.Equal(Array.ConvertAll(numbers, x => (float)x), RowsOf<float>(RandomFeatures.Gaussian, 2, 2, seed: 7));
    }

    [Theory]
    [InlineData(5, 8)]
    [InlineData(8, 8)]
    [InlineData(21, 8)]
    [InlineData(3, 1)]
    public void Draw_Orthogonal_RowsOfABlockAreOrthogonal(int features, int headDim)
    {
        foreach (RandomFeatures draw in new[] { RandomFeatures.Orthogonal, RandomFeatures.OrthogonalEqualNorms, RandomFeatures.Givens })
        {
            double[] rows = Rows(draw, features, headDim, seed: 3);
            for (int a = 0; a < features; a++)
            {
                double length = Math.Sqrt(Dot(rows, a, a, headDim));
                Assert.True(length > 0);
                if (draw == RandomFeatures.OrthogonalEqualNorms)
                    Assert.Equal(Math.Sqrt(headDim), length, 1e-12);
                for (int b = a / headDim * headDim; b < a; b++)
                    Assert.Equal(0, Dot(rows, a, b, headDim) / (length * Math.Sqrt(Dot(rows, b, b, headDim))), 1e-13);
            }
        }
    }

    /// <summary>Means of 40,000 numbers: their standard errors are 0.005 for x and 0.0071 for x^2.</summary>
    [Theory]
    [InlineData(RandomFeatures.Orthogonal)]
    [InlineData(RandomFeatures.Gaussian)]
    [InlineData(RandomFeatures.Givens)]
    public void Draw_Numbers_HaveTheMomentsOfANormalDistribution(RandomFeatures draw)
    {
        double[] numbers = Rows(draw, 5000, 8, seed: 11);

        Assert.Equal(0, numbers.Average(), 0.025);
        Assert.Equal(1, numbers.Average(x => x * x), 0.035);

        // So few rotations mix the axes, but not to a uniform direction.
        double fourth = numbers.Average(x => x * x * x * x);
        if (draw == RandomFeatures.Givens)
            Assert.InRange(fourth, 3, 4.5);
        else
            Assert.Equal(3, fourth, 0.25);
    }

    [Fact]
    public void Draw_Heads_HaveMatricesOfTheirOwn()
    {
        FeatureProjection<double> projection = FeatureProjection.Draw<double>(RandomFeatures.Orthogonal, 3, 4, seed: 5, heads: 2);
        double[] both = new double[24];
        projection.CopyTo(both);

        Assert.Equal(Rows(RandomFeatures.Orthogonal, 3, 4, seed: 5), both[..12]);
        Assert.NotEqual(both[..12], both[12..]);
    }

    [Fact]
    public void Forward_WrongProjection_IsRefused()
    {
        Forward<Projecting>("options.Projection: expected M = 3 features of D = 2, got none", null);
        Forward<Projecting>("options.Projection: expected M = 3 features of D = 2, got M = 2 features of D = 3", Projection(2, 3));
        Forward<Projecting>("options.Projection: expected one matrix, or one for each of 2 heads, got 3", Projection(3, 2, heads: 3));
        Forward<Plain>("options.Projection: expected nothing, Plain projects nothing", Projection(3, 2));

        static void Forward<TDeclaration>(string message, FeatureProjection<float>? projection)
            where TDeclaration : struct, IDeclaration
        {
            float[] o = Problem<TDeclaration, float>.Poison(12);
            ArgumentException error = Assert.Throws<ArgumentException>("options.Projection", () => StateDriver.Forward<ScalarKernel<TDeclaration, float>, float>(
                new float[24], new float[24], new float[12], o, new AttentionShape(2, 3, 2), new() { Projection = projection }));
            Assert.Contains(message, error.Message);
            Assert.All(o, x => Assert.True(float.IsNaN(x)));
            Assert.Throws<ArgumentException>("options.Projection", () => StateDriver.Backward<ScalarKernel<TDeclaration, float>, float>(
                new float[24], new float[24], new float[12], new float[12], new float[24], new float[24], new float[12], new AttentionShape(2, 3, 2), new() { Projection = projection }));
        }
    }

    [Fact]
    public void PlainStates_OfScaledSums_AreRefused()
    {
        const string why = "states of Scaling are scaled by a maximum, which plain tensors lack";
        using AttentionState<float> state = StateDriver.CreateState<ScalarKernel<Scaling, float>, float>(1, 1);
        Assert.Contains(why, Assert.Throws<ArgumentException>("state", () => state.CopyTo(new float[3])).Message);
        Assert.Contains(why, Assert.Throws<ArgumentException>("state", () => state.CopyFrom(new float[3])).Message);
        Assert.Contains(why, Assert.Throws<ArgumentException>("options.FinalState", () => StateDriver.Forward<ScalarKernel<Scaling, float>, float>(
            new float[2], new float[2], new float[1], new float[1], new AttentionShape(1, 1, 1), new() { Projection = Projection(3, 2), FinalState = new float[3] })).Message);
    }

    private static FeatureProjection<float> Projection(int features, int headDim, int heads = 1) => FeatureProjection.Draw<float>(RandomFeatures.Gaussian, features, headDim, 1, heads);

    private static double[] Rows(RandomFeatures draw, int features, int headDim, long seed) => RowsOf<double>(draw, features, headDim, seed);

    private static T[] RowsOf<T>(RandomFeatures draw, int features, int headDim, long seed)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        T[] rows = new T[features * headDim];
        FeatureProjection.Draw<T>(draw, features, headDim, seed).CopyTo(rows);
        return rows;
    }

    private static double Dot(double[] rows, int a, int b, int width) => Enumerable.Range(0, width).Sum(i => rows[(a * width) + i] * rows[(b * width) + i]);

    private static void Refused(string name, string message, Action call)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(call);
        Assert.Equal(name, error.ParamName);
        Assert.Contains(message, error.Message);
    }

    private readonly struct Plain : IDeclaration
    {
        public static KernelTraits Traits { get; } = TestTraits.Create("Plain", d: 2, e: 1, chunk: 4, causal: true, normalized: false, Decay.None, DType.Float32);

        public static double Epsilon => 0;

        public static PhiMap Map => PhiMap.Identity;
    }

    private readonly struct Learning : IDeclaration
    {
        public static KernelTraits Traits { get; } = Projecting.Traits with { Name = "Learning", Backward = Projecting.Traits.Backward! with { ProjectionGradientOffset = 0 } };

        public static double Epsilon => 0;

        public static PhiMap Map => PhiMap.Identity;
    }

    private readonly struct Own : IDeclaration
    {
        public static KernelTraits Traits { get; } = Learning.Traits with { Name = "Own", HasProjectionBias = true, HasKeyProjection = true };

        public static double Epsilon => 0;

        public static PhiMap Map => PhiMap.Identity;
    }

    private readonly struct Projecting : IDeclaration
    {
        public static KernelTraits Traits { get; } = Plain.Traits with { Name = "Projecting", FeatureDim = 3, ProjectedDim = 3 };

        public static double Epsilon => 0;

        public static PhiMap Map => PhiMap.Identity;
    }

    private readonly struct Scaling : IDeclaration
    {
        public static KernelTraits Traits { get; } = Projecting.Traits with { Name = "Scaling", ScalesStates = true };

        public static double Epsilon => 0;

        public static PhiMap Map => PhiMap.Identity;
    }
}
