namespace KernelGen.Benchmarks;

/// <summary>Performer's positive features, strictly causal: D = E = 64, M = 256.</summary>
[PerformerAttention(HeadDim = 64, Features = 256)]
public partial class Performer64;

/// <summary>The same in double precision: what its results are checked against.</summary>
[PerformerAttention(HeadDim = 64, Features = 256, DType = DType.Float64, InstructionSets = InstructionSets.Avx2)]
public partial class Performer64Double;

/// <summary>Hedgehog's softmax of u and -u: D = E = 128, 64 rows of each projection, so 128 features.</summary>
[HedgehogAttention(HeadDim = 128, Features = 64)]
public partial class Hedgehog128;

/// <summary>The same in double precision.</summary>
[HedgehogAttention(HeadDim = 128, Features = 64, DType = DType.Float64, InstructionSets = InstructionSets.Avx2)]
public partial class Hedgehog128Double;

/// <summary>elu + 1 as a user would write it, D = E = 64.</summary>
[LinearAttention(HeadDim = 64)]
public partial class OwnElu64
{
    [FeatureMap]
    private static float Phi(float x) => x > 0f ? x + 1f : MathF.Exp(x);
}
