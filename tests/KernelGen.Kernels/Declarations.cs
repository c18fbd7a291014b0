namespace KernelGen.Kernels;

// Both systems at the two usual widths: between them every form of register tile that a declaration of ordinary dims is cut into.

[LinearAttention(HeadDim = 64)]
public static partial class Elu64;

[LinearAttention(HeadDim = 128)]
public static partial class Elu128;

[LinearAttention(HeadDim = 64, Causal = false)]
public static partial class EluNonCausal64;

[LinearAttention(HeadDim = 64, Decay = Decay.PerHead)]
public static partial class EluDecay64;

[LightningAttention(HeadDim = 64)]
public static partial class Lightning64;

[LightningAttention(HeadDim = 128)]
public static partial class Lightning128;

[LightningAttention(HeadDim = 64, DType = DType.Float64)]
public static partial class LightningDouble64;
