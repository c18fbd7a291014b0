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
        foreach (Declaration pairs in Pairs())
            yield return pairs;
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

    /// <summary>Chunks of three sizes, widths odd and even.</summary>
    private static IEnumerable<Declaration> Sized(Declaration declaration) =>
    [
        declaration with { HeadDim = 3, ValueDim = 2, ChunkSize = 16 },
        declaration with { HeadDim = 2, ValueDim = 5, ChunkSize = 32 },
        declaration with { HeadDim = 4, ValueDim = 1, ChunkSize = 48 },
    ];
}
