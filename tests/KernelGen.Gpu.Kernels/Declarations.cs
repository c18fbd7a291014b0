namespace KernelGen.Gpu.Kernels;

[LinearAttention(HeadDim = 64)]
public static partial class EluCausal;

[LinearAttention(HeadDim = 64, ValueDim = 48, Causal = false, Scale = 0.125)]
public static partial class EluCross;

[LinearAttention(HeadDim = 64)]
public static partial class OwnMap
{
    [FeatureMap]
    private static float Phi(float x)
    {
        float tail = MathF.Exp(MathF.Min(x, 0f));
        return x < 0f ? tail : 1f + x + (0.5f * x * x);
    }
}

[LightningAttention(HeadDim = 64)]
public static partial class Lightning;

[LinearAttention(HeadDim = 32, Decay = Decay.PerHead)]
public static partial class DecayPerHead;

[LinearAttention(HeadDim = 64, FeatureMap = FeatureMap.Identity, Normalize = false)]
public static partial class IdentityUnnormalized;

[LinearAttention(HeadDim = 7, ValueDim = 13)]
public static partial class EluOdd;

[LinearAttention(HeadDim = 128)]
public static partial class EluWide;

[LightningAttention(HeadDim = 128)]
public static partial class LightningWide;

[LinearAttention(HeadDim = 64, DType = DType.Float16)]
public static partial class EluHalf;

[LightningAttention(HeadDim = 32, DType = DType.BFloat16)]
public static partial class LightningBFloat16;

[LinearAttention(HeadDim = 7, ValueDim = 13, DType = DType.BFloat16)]
public static partial class EluOddBFloat16;

[LinearAttention(HeadDim = 64, DType = DType.BFloat16)]
public static partial class EluBFloat16;

[LightningAttention(HeadDim = 64, DType = DType.Float16)]
public static partial class LightningHalf;

[LinearAttention(HeadDim = 64, ValueDim = 48, Causal = false, Scale = 0.125, DType = DType.BFloat16)]
public static partial class EluCrossBFloat16;

[LinearAttention(HeadDim = 128, DType = DType.Float16)]
public static partial class EluWideHalf;

[LinearAttention(HeadDim = 16, DType = DType.Float64)]
public static partial class EluDouble;

[LinearAttention(HeadDim = 512)]
public static partial class EluTooWide;
