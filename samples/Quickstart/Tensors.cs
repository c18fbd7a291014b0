using KernelGen;

namespace Quickstart;

/// <summary>q, k, v and o, [B, T, H, D].</summary>
internal sealed record Tensors(AttentionShape Shape, int HeadDim, float[] Q, float[] K, float[] V, float[] O)
{
    /// <summary>Inputs uniform in [-1, 1), the same in every run.</summary>
    public static Tensors Random(AttentionShape shape, int headDim)
    {
        Random random = new(1);
        int length = shape.Batch * shape.Length * shape.Heads * headDim;
        return new Tensors(shape, headDim, Fill(), Fill(), Fill(), new float[length]);

        float[] Fill()
        {
            float[] values = new float[length];
            foreach (ref float value in values.AsSpan())
                value = (random.NextSingle() * 2) - 1;
            return values;
        }
    }
}
