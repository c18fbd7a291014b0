using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime.Reference;

internal static class TestTraits
{
    /// <summary>Facts of a small pointwise declaration, its state laid out with every part padded to 64 bytes.</summary>
    public static KernelTraits Create(string name, int d, int e, int chunk, bool causal, bool normalized, Decay decay, DType dtype)
    {
        int line = dtype == DType.Float32 ? 16 : 8;
        int end = 0;
        int stride = Pad(e);
        int sum = Take(d * stride);
        int sumCompensation = decay == Decay.None ? Take(d * stride) : -1;
        int normalizer = normalized ? Take(d) : -1;
        int normalizerCompensation = normalized && decay == Decay.None ? Take(d) : -1;
        int chunkOffset = Take(chunk * (d + e));
        return new KernelTraits
        {
            Name = name,
            Variant = name,
            HeadDim = d,
            FeatureDim = d,
            ValueDim = e,
            ChunkSize = chunk,
            Causal = causal,
            Normalized = normalized,
            Decay = decay,
            DType = dtype,
            InstructionSets = InstructionSets.All,
            State = new StateLayout
            {
                Length = end,
                SumOffset = sum,
                SumStride = stride,
                SumCompensationOffset = sumCompensation,
                NormalizerOffset = normalizer,
                NormalizerCompensationOffset = normalizerCompensation,
                ChunkOffset = chunkOffset,
            },
            ScratchLength = 40,
            Backward = TestBackwardTraits.Create(d, e, causal, normalized, decay, dtype),
            UsefulFlopsPerToken = 4L * d * e,
            RegisterTiles = ["1 x 1", "2 x 4", "4 x 8", "6 x 16"],
        };

        int Pad(int length) => (length + line - 1) / line * line;

        int Take(int length)
        {
            int start = end;
            end += Pad(length);
            return start;
        }
    }
}
