using KernelGen;

namespace Quickstart;

/// <summary>The Linear Transformer: phi(x) = elu(x) + 1, built in.</summary>
[LinearAttention(HeadDim = 64)]
public partial class EluAttention;

/// <summary>A feature map of your own: write it as a function of one number; it is vectorised for every instruction set.</summary>
[LinearAttention(HeadDim = 64)]
public partial class SquaredReluAttention
{
    [FeatureMap]
    private static float Phi(float x)
    {
        float positive = MathF.Max(x, 0f);
        return (positive * positive) + 0.01f;
    }
}

/// <summary>Lightning Attention-2: the past fades, at a rate of its own for every head.</summary>
[LightningAttention(HeadDim = 64)]
public partial class Lightning;
