using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>Declarations that between them have every term that programs are made of, at dims small enough to be interpreted.</summary>
internal static class OracleVariants
{
    public static IReadOnlyList<Declaration> All { get; } = Bases().SelectMany(Sized).ToArray();

    /// <summary>Whether something is subtracted from exponents, which has no gradient.</summary>
    public static bool IsStabilized(Declaration declaration) => declaration.Random is { Stabilizer: not Stabilizer.None };

    private static IEnumerable<Declaration> Bases()
    {
        Declaration elu = new() { HeadDim = 1, ValueDim = 1, DType = DType.Float64 };
        yield return elu;
        yield return elu with { Causal = false };
        yield return elu with { Epsilon = null };
        yield return elu with { Causal = false, Epsilon = null };
        yield return elu with { Decay = Decay.PerHead };
        yield return elu with { Decay = Decay.LightningSlopes, Epsilon = 0.25, Scale = 0.5 };
        yield return elu with { Map = PhiMap.Identity, Epsilon = null, Scale = -2 };
        yield return Declaration.Lightning(1, 1, Decay.None) with { DType = DType.Float64 };
        yield return Declaration.Lightning(1, 1, Decay.PerHead) with { DType = DType.Float64 };
        yield return Declaration.Lightning(1, 1, Decay.LightningSlopes) with { DType = DType.Float64, Scale = 0.125 };
        foreach (PhiMap map in PhiMap.Own)
        {
            yield return elu with { Map = map };
            yield return elu with { Map = map, Causal = false };
        }

        yield return elu with { Decay = Decay.PerToken };
        yield return Declaration.Lightning(1, 1, Decay.PerToken) with { DType = DType.Float64, Scale = 0.5 };
        Declaration generalized = Declaration.Performer(1, 1, new RandomMap(5, IsGeneralized: true, 1e-3)) with { DType = DType.Float64, Map = PhiMap.Softplus };
        yield return generalized with { EpsilonRule = EpsilonRule.Sums };
        yield return generalized with { Causal = false, Random = generalized.Random! with { NormalizesInputs = false } };
        Declaration exponential = Declaration.Performer(1, 1, new RandomMap(6, IsGeneralized: false, 1e-2, ScalesFeatures: true)) with { DType = DType.Float64 };
        yield return exponential;
        yield return exponential with { Causal = false, EpsilonRule = EpsilonRule.Sums, Epsilon = 0.01 };
        yield return exponential with { Epsilon = null, Random = exponential.Random! with { ScalesFeatures = false, Epsilon = 0 } };
        yield return exponential with { Random = exponential.Random! with { Stabilizer = Stabilizer.RunningMaximum } };
        yield return exponential with { Epsilon = null, Random = exponential.Random! with { Stabilizer = Stabilizer.RunningMaximum } };
        yield return exponential with { EpsilonRule = EpsilonRule.Sums, Random = exponential.Random! with { Stabilizer = Stabilizer.SequenceMaximum } };
        yield return exponential with { Causal = false, Random = exponential.Random! with { Stabilizer = Stabilizer.SequenceMaximum } };
        foreach (Declaration other in Pairs().Concat(Learned()))
            yield return other;
    }

    /// <summary>Features in pairs, whose weights may be negative: normalisers that are floors, and one far from zero.</summary>
    private static IEnumerable<Declaration> Pairs()
    {
        Declaration pairs = Declaration.Performer(1, 1, RandomMap.Pairs(PerformerKernel.PositivePair, 3)) with { DType = DType.Float64 };
        yield return pairs;
        yield return pairs with { Causal = false, Scale = 0.5, Epsilon = 0.1, EpsilonRule = EpsilonRule.Guard };
        Declaration waves = pairs with { Random = RandomMap.Pairs(PerformerKernel.RandomFourier, 4), Epsilon = 0.3, EpsilonRule = EpsilonRule.AbsoluteFloor };
        yield return waves;
        yield return waves with { Epsilon = null, Scale = -0.5, Random = waves.Random! with { ScalesFeatures = false, NormalizesInputs = false, Smoothing = 2 } };
        yield return waves with { Causal = false, EpsilonRule = EpsilonRule.Floor, Random = waves.Random! with { Smoothing = 1 } };
        Declaration growing = waves with { EpsilonRule = EpsilonRule.Floor, Random = RandomMap.Pairs(PerformerKernel.Trigonometric, 5, Stabilizer.RunningMaximum) };
        yield return growing;
        yield return growing with { Random = growing.Random! with { Stabilizer = Stabilizer.None } };
        yield return growing with { Causal = false, EpsilonRule = EpsilonRule.AbsoluteFloor, Random = growing.Random! with { Stabilizer = Stabilizer.SequenceMaximum } };
    }

    /// <summary>Learned projections, shared by queries and keys and not, with biases and without; rows of length 1; convex gates.</summary>
    private static IEnumerable<Declaration> Learned()
    {
        yield return Declaration.OfLearned(1, 1, new LearnedMap(LearnedKind.Gaussian, 4) { Temperature = 0.8 }) with { DType = DType.Float64, Epsilon = 0.05 };
        yield return Declaration.OfLearned(1, 1, new LearnedMap(LearnedKind.Gaussian, 4)) with { DType = DType.Float64, Epsilon = 0.02, Decay = Decay.Convex };
        yield return Declaration.OfLearned(1, 1, new LearnedMap(LearnedKind.ArcCosine, 5)) with { DType = DType.Float64, Epsilon = 0.1, Causal = false, EpsilonRule = EpsilonRule.AbsoluteFloor };
        Declaration hedgehog = Declaration.OfLearned(1, 1, new LearnedMap(LearnedKind.Softmax, 3) { Floor = 0.1 }) with { DType = DType.Float64, Epsilon = 0.01 };
        yield return hedgehog;
        yield return hedgehog with { Causal = false, Learned = hedgehog.Learned! with { HalfSpace = true, Bias = true, Tied = true } };
        yield return hedgehog with { Learned = new LearnedMap(LearnedKind.JointSoftmax, 4) { Bias = true, Floor = 0 }, Scale = 0.5 };
        yield return hedgehog with { Learned = new LearnedMap(LearnedKind.Exponential, 3) { Tied = true, Floor = 0 }, Causal = false };
        yield return hedgehog with { Learned = new LearnedMap(LearnedKind.ShiftedExponential, 4) { Bias = true, Floor = 0.2 }, Decay = Decay.PerHead };
        yield return hedgehog with { Learned = new LearnedMap(LearnedKind.ShiftedExponential, 2) { HalfSpace = true, Floor = 1e-6 }, Epsilon = null };
        yield return hedgehog with { Learned = new LearnedMap(LearnedKind.Relu, 5) { Floor = 0.05 }, Decay = Decay.Convex };
        yield return hedgehog with { Learned = new LearnedMap(LearnedKind.EluPlusOne, 3) { Bias = true, Floor = 0.05 } };
    }

    /// <summary>Chunks of three sizes, widths odd and even.</summary>
    private static IEnumerable<Declaration> Sized(Declaration declaration) =>
    [
        declaration with { HeadDim = 3, ValueDim = 2, ChunkSize = 16 },
        declaration with { HeadDim = 2, ValueDim = 5, ChunkSize = 32 },
        declaration with { HeadDim = 4, ValueDim = 1, ChunkSize = 48 },
    ];
}
