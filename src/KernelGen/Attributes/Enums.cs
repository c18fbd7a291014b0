namespace KernelGen;

/// <summary>A feature map phi that is built in. All are pointwise.</summary>
public enum FeatureMap
{
    /// <summary>phi(x) = x + 1 for x &gt; 0, otherwise exp(x): elu(x) + 1 (Linear Transformer).</summary>
    EluPlusOne = 0,

    /// <summary>phi(x) = x.</summary>
    Identity = 1,
}

/// <summary>How the past fades.</summary>
public enum Decay
{
    /// <summary>It does not: the state is a compensated sum.</summary>
    None = 0,

    /// <summary>By exp(-slope) a token, one slope &gt;= 0 a head, given with each call (<c>AttentionOptions.Slopes</c>).</summary>
    PerHead = 1,

    /// <summary>By exp(-slope) a token, slopes by the published rule over the number of heads (<see cref="LightningSlopes"/>).</summary>
    LightningSlopes = 2,

    /// <summary>
    /// By exp(g) at each token, a log gate g &lt;= 0 a token and head given with each call (<c>AttentionOptions.LogGates</c>):
    /// S_t = exp(g_t) S_{t-1} + phi(k_t) v_t^T. Source: fla-org/flash-linear-attention, <c>simple_gla</c>.
    /// </summary>
    PerToken = 3,

    /// <summary>
    /// By exp(g) at each token, as <see cref="PerToken"/>, and what a token adds is weighed by 1 - exp(g): S_t = exp(g_t) S_{t-1} + (1 - exp(g_t)) phi(k_t) v_t^T. Source: Peng et al.,
    /// "Random Feature Attention", ICLR 2021, equation 7.
    /// </summary>
    Convex = 4,
}

/// <summary>What random features are a function of.</summary>
public enum PerformerKernel
{
    /// <summary>phi = r (exp(u - c^2 |x|^2 / 2 - m) + eps), r = M^(-1/2), m a stabiliser: FAVOR+, positive features of the softmax kernel.</summary>
    Positive = 0,

    /// <summary>phi = f(u) + eps, for any f.</summary>
    Generalized = 1,

    /// <summary>
    /// phi = r exp(c^2 |x|^2 / 2 - m) (cos u, sin u), two features a row of P: the softmax kernel's trigonometric features, whose weights may be negative. m is a stabiliser; the factor of
    /// queries, which cancels where outputs are normalised, is left out. Source: google-research/performer, <c>nonnegative_features=False</c>.
    /// </summary>
    Trigonometric = 2,

    /// <summary>phi = (2 M)^(-1/2) (exp(u - c^2 |x|^2 / 2), exp(-u - c^2 |x|^2 / 2)), two features a row of P. Source: idiap/fast-transformers, <c>Favor</c>.</summary>
    PositivePair = 3,

    /// <summary>
    /// phi = r (cos u, sin u), two features a row of P, and, where <see cref="PerformerAttentionAttribute.Smoothing"/> is set, that as one more: the Gaussian kernel. Source: idiap/fast-transformers,
    /// <c>RandomFourierFeatures</c>, <c>SmoothedRandomFourierFeatures</c>.
    /// </summary>
    RandomFourier = 4,
}

/// <summary>What Random Feature Attention's features are a function of.</summary>
public enum RandomFeatureKernel
{
    /// <summary>phi = 0.1 (sin u, cos u), two features a row of P: the Gaussian kernel of rows of length 1.</summary>
    Gaussian = 0,

    /// <summary>phi = max(u, 0) / sqrt(M).</summary>
    ArcCosine = 1,
}

/// <summary>What Hedgehog's features are, of projected rows u; "floor" is <see cref="HedgehogAttentionAttribute.FeatureFloor"/>.</summary>
public enum HedgehogMap
{
    /// <summary>max(softmax(u), floor) and max(softmax(-u), floor), each over its own half. Source: HazyResearch/lolcats, <c>softmax_dim</c>.</summary>
    Softmax = 0,

    /// <summary>One softmax over (2 u, -2 u). Source: fla-org/flash-linear-attention.</summary>
    JointSoftmax = 1,

    /// <summary>exp(u) and exp(-u): the paper's form, which overflows where |u| is above 88.</summary>
    Exponential = 2,

    /// <summary>exp(u - max u) and exp(-u + min u); both extrema have gradients. Source: HazyResearch/lolcats, <c>exp_dim</c>.</summary>
    ShiftedExponential = 3,

    /// <summary>max(u, floor), of rectified u: T2R.</summary>
    Relu = 4,

    /// <summary>max(elu(u) + 1, floor).</summary>
    EluPlusOne = 5,
}

/// <summary>What positive features subtract from the exponents of keys; those of queries have the maximum of their row, or none. Stabilisers have no gradient.</summary>
public enum Stabilizer
{
    /// <summary>
    /// The greatest exponent u of the tokens so far, at least 0; when it rises, the state is scaled down. Causal and decodable; the default of causal attention.
    /// </summary>
    RunningMaximum = 0,

    /// <summary>
    /// The greatest exponent u of the whole sequence (of all keys of a sequence and head), at least 0: the published form, and the default where every query sees every key. Causal attention
    /// leaks the future through it, and has no <c>Step</c> and no states.
    /// </summary>
    SequenceMaximum = 1,

    /// <summary>Nothing, as slim_performer has it: large inputs overflow.</summary>
    None = 2,
}

/// <summary>What the eps of a normaliser does to the sum R of an output's weights, which divides it. Beyond a floor R has no gradient.</summary>
public enum EpsilonRule
{
    /// <summary>It is added once: R + eps.</summary>
    Denominator = 0,

    /// <summary>It is added to every element of the normaliser z: phi(q).(z + eps) = R + eps sum_m phi(q)_m, as lucidrains' causal attention has it.</summary>
    Sums = 1,

    /// <summary>R where |R| &gt; eps, else R + 2 eps: google-research/performer, <c>fast_attention.py</c> (JAX).</summary>
    Guard = 2,

    /// <summary>max(R, eps): Noahs-ARK/RFA, causal.</summary>
    Floor = 3,

    /// <summary>max(|R|, eps), which loses a negative sign: Noahs-ARK/RFA, cross and masked.</summary>
    AbsoluteFloor = 4,
}

/// <summary>
/// Element type of tensors. The 16-bit formats are for storage: q, k, v, outputs and their gradients are read and written in them, rounded once to the nearest
/// (ties to even; beyond the largest number to infinity), while arithmetic, states, options and the feature map are <see cref="float"/>'s.
/// </summary>
public enum DType
{
    /// <summary>IEEE 754 binary32, <see cref="float"/>.</summary>
    Float32 = 0,

    /// <summary>IEEE 754 binary64, <see cref="double"/>.</summary>
    Float64 = 1,

    /// <summary>IEEE 754 binary16, <see cref="Half"/>: 11 significant bits, from 6e-8 to 65504.</summary>
    Float16 = 2,

    /// <summary><see cref="KernelGen.BFloat16"/>: 8 significant bits, the range of <see cref="float"/>.</summary>
    BFloat16 = 3,
}

/// <summary>Memory order of q, k, v and o.</summary>
public enum TensorLayout
{
    /// <summary>[B, T, H, D]: as flash-linear-attention, ONNX Runtime and ggml.</summary>
    SequenceFirst = 0,

    /// <summary>[B, H, T, D]: as PyTorch's scaled dot product attention.</summary>
    HeadFirst = 1,
}

/// <summary>One level of vector instructions a kernel is compiled for, widest last.</summary>
public enum InstructionSet
{
    /// <summary>Plain scalar code.</summary>
    Scalar = 0,

    /// <summary>128-bit vectors: SSE4.2 or Arm's AdvSimd; fused multiply-add where the hardware has it.</summary>
    Vector128 = 1,

    /// <summary>256-bit vectors: AVX2 with FMA.</summary>
    Avx2 = 2,

    /// <summary>512-bit vectors: AVX-512 F, BW, CD, DQ, VL.</summary>
    Avx512 = 3,
}

/// <summary>Which levels to emit kernels for.</summary>
[Flags]
public enum InstructionSets
{
    /// <summary>Scalar only.</summary>
    Scalar = 1 << InstructionSet.Scalar,

    /// <summary>128-bit vectors.</summary>
    Vector128 = 1 << InstructionSet.Vector128,

    /// <summary>AVX2 with FMA.</summary>
    Avx2 = 1 << InstructionSet.Avx2,

    /// <summary>AVX-512.</summary>
    Avx512 = 1 << InstructionSet.Avx512,

    /// <summary>All of them, chosen once per call for the machine at hand.</summary>
    All = Scalar | Vector128 | Avx2 | Avx512,
}
