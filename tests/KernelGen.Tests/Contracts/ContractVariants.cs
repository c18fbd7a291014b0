using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Contracts;

/// <summary>
/// The declarations that contracts are tested on, compiled in batches when the first test asks. Few, because each is thousands of
/// lines of kernels; chosen so that every term of the programs, and widths below, at, beside and above every vector and panel, occur.
/// </summary>
internal static class ContractVariants
{
    /// <summary>One of each kind: what runs again at every level that the environment can force.</summary>
    public static IReadOnlyList<Declaration> Main { get; } =
    [
        new() { HeadDim = 16, ValueDim = 24 },
        new() { HeadDim = 13, ValueDim = 7, Causal = false, DType = DType.Float64 },
        new() { HeadDim = 7, ValueDim = 13, Decay = Decay.PerHead, Scale = 0.5 },
        Declaration.Lightning(24, 16, Decay.PerHead),
        new() { HeadDim = 8, ValueDim = 10, Map = PhiMap.Pieces, ChunkSize = 16 },
        Declaration.Lightning(20, 16, Decay.PerToken),
        Declaration.Performer(12, 16, new RandomMap(20, IsGeneralized: false, 1e-3, ScalesFeatures: true, Stabilizer: Stabilizer.RunningMaximum)) with { Epsilon = 0.5 },
    ];

    public static IReadOnlyList<Declaration> More { get; } =
    [
        // Of one feature, a normalised output would not depend on the query but for eps: a small one would leave a gradient of rounding errors.
        new() { HeadDim = 1, ValueDim = 1, Epsilon = 0.5 },
        new() { HeadDim = 1, ValueDim = 16, Causal = false, Epsilon = 0.5 },
        new() { HeadDim = 2, ValueDim = 1, Decay = Decay.LightningSlopes },
        new() { HeadDim = 64, ValueDim = 2, Causal = false },
        new() { HeadDim = 80, ValueDim = 64, Epsilon = 0.125 },
        Declaration.Lightning(64, 80, Decay.LightningSlopes),
        Declaration.Lightning(128, 128, Decay.None),
        Declaration.Lightning(13, 24, Decay.PerHead) with { DType = DType.Float64, Scale = -0.25 },
        new() { HeadDim = 24, ValueDim = 7, DType = DType.Float64, Decay = Decay.PerHead, ChunkSize = 48 },
        new() { HeadDim = 16, ValueDim = 2, DType = DType.Float64 },
        new() { HeadDim = 9, ValueDim = 33, Decay = Decay.PerToken, ChunkSize = 32 },
        new() { HeadDim = 6, ValueDim = 5, DType = DType.Float64, Decay = Decay.PerToken, Scale = 0.5 },
        Declaration.Performer(5, 16, new RandomMap(19, IsGeneralized: false, 1e-3, ScalesFeatures: true)) with { ChunkSize = 32, Epsilon = 0.5 },
        Declaration.Performer(7, 6, new RandomMap(16, IsGeneralized: false, 1e-2, ScalesFeatures: true, Stabilizer: Stabilizer.RunningMaximum)) with { DType = DType.Float64, Epsilon = 0.5 },
        Declaration.Performer(8, 9, new RandomMap(13, IsGeneralized: false, 1e-2, ScalesFeatures: true, Stabilizer: Stabilizer.SequenceMaximum)) with { Causal = false, Epsilon = 0.5 },
        Declaration.Performer(9, 7, new RandomMap(33, IsGeneralized: true, 1e-3)) with { Epsilon = 0.5, EpsilonRule = EpsilonRule.Sums, Causal = false },
        Declaration.Performer(16, 5, new RandomMap(8, IsGeneralized: true, 0.5)) with { DType = DType.Float64, Map = PhiMap.Softplus },
        Declaration.Performer(6, 10, RandomMap.Pairs(PerformerKernel.PositivePair, 9)) with { Epsilon = 0.5 },
        Declaration.Performer(8, 5, RandomMap.Pairs(PerformerKernel.Trigonometric, 16, Stabilizer.RunningMaximum)) with { Epsilon = 2, EpsilonRule = EpsilonRule.Floor },
        Declaration.Performer(5, 7, RandomMap.Pairs(PerformerKernel.RandomFourier, 13) with { Smoothing = 1.5 }) with { Causal = false, DType = DType.Float64, Epsilon = 1, EpsilonRule = EpsilonRule.AbsoluteFloor },
        Declaration.OfLearned(7, 9, new LearnedMap(LearnedKind.Gaussian, 11) { Temperature = 1.25 }) with { Epsilon = 0.05, Decay = Decay.Convex },
        Declaration.OfLearned(8, 6, new LearnedMap(LearnedKind.ArcCosine, 17)) with { DType = DType.Float64, Epsilon = 0.1, EpsilonRule = EpsilonRule.AbsoluteFloor, Causal = false },
        Declaration.OfLearned(9, 10, new LearnedMap(LearnedKind.Softmax, 8) { Bias = true, Floor = 0.05 }) with { Epsilon = 0.01 },
        Declaration.OfLearned(6, 5, new LearnedMap(LearnedKind.ShiftedExponential, 13) { Tied = true, Floor = 0.05 }) with { Epsilon = 0.1, Decay = Decay.PerHead, ChunkSize = 32 },
        Declaration.OfLearned(16, 7, new LearnedMap(LearnedKind.JointSoftmax, 16) { Floor = 0 }) with { Epsilon = 0.01, Causal = false, DType = DType.Float64, Scale = 0.5 },
        new() { HeadDim = 7, ValueDim = 9, Map = PhiMap.Identity, Epsilon = null, Causal = false },
        new() { HeadDim = 12, ValueDim = 12, Map = PhiMap.Logistic },
        new() { HeadDim = 5, ValueDim = 6, Map = PhiMap.Hyperbola, Decay = Decay.PerHead },
        new() { HeadDim = 20, ValueDim = 4, Map = PhiMap.SquaredRelu, Causal = false },
        new() { HeadDim = 10, ValueDim = 3, Map = PhiMap.Softplus },
        new() { HeadDim = 9, ValueDim = 8, Map = PhiMap.Waves },
        new() { HeadDim = 6, ValueDim = 5, Map = PhiMap.Waves, DType = DType.Float64, Decay = Decay.PerHead },
        new() { HeadDim = 4, ValueDim = 5, Map = PhiMap.Softplus, DType = DType.Float64, Causal = false },
    ];

    /// <summary>Tensors in 16 bits; each has a twin, the same declaration in float32.</summary>
    public static IReadOnlyList<Declaration> Narrow { get; } =
    [
        Main[0] with { DType = DType.BFloat16 },
        Main[2] with { DType = DType.Float16 },
        Main[3] with { DType = DType.BFloat16 },
        Main[4] with { DType = DType.Float16 },
        new() { HeadDim = 64, ValueDim = 33, Causal = false, DType = DType.BFloat16 },
        new() { HeadDim = 64, ValueDim = 33, Causal = false, DType = DType.Float16 },
        Main[5] with { DType = DType.BFloat16 },
    ];

    /// <summary>Twins that are not among the others.</summary>
    private static IReadOnlyList<Declaration> Twins { get; } = [Narrow[4] with { DType = DType.Float32 }];

    private static readonly Lazy<CompiledBatch> s_main = new(() => CompiledBatch.Compile("Contracts.Main", Main));
    private static readonly Lazy<CompiledBatch> s_more = new(() => CompiledBatch.Compile("Contracts.More", More));

    private static readonly Lazy<CompiledBatch> s_narrow = new(() => CompiledBatch.Compile("Contracts.Narrow", [.. Narrow, .. Twins]));

    public static TheoryData<string> Names(IEnumerable<Declaration> declarations) => [.. declarations.Select(d => d.ToString())];

    /// <summary>The declaration of a name, and its kernels.</summary>
    public static (Declaration Declaration, RunnableVariant Kernels) Of(string name)
    {
        (Declaration declaration, CompiledBatch batch) = Find(name);
        return (declaration, batch.Variant(declaration));
    }

    /// <summary>The declaration of a name, and its backward phases.</summary>
    public static (Declaration Declaration, RunnableBackward Kernels) BackwardOf(string name)
    {
        (Declaration declaration, CompiledBatch batch) = Find(name);
        return (declaration, batch.Backward(declaration));
    }

    /// <summary>The members of a declaration's class, for tests that must not copy anything on the way.</summary>
    public static IVariant<TElement, float> Members<TElement>(Declaration declaration)
        where TElement : unmanaged => Find(declaration.ToString()).Batch.Members<TElement, float>(declaration);

    private static (Declaration Declaration, CompiledBatch Batch) Find(string name)
    {
        if (Main.FirstOrDefault(d => d.ToString() == name) is { } main)
            return (main, s_main.Value);
        return More.FirstOrDefault(d => d.ToString() == name) is { } more
            ? (more, s_more.Value)
            : (Narrow.Concat(Twins).Single(d => d.ToString() == name), s_narrow.Value);
    }
}
