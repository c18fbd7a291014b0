using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime.Reference;

internal static class TestBackwardTraits
{
    /// <summary>The phases of <see cref="ScalarKernel{TDeclaration, T}"/>, every part of its block padded to 64 bytes.</summary>
    public static BackwardTraits Create(int d, int e, bool causal, bool normalized, Decay decay, DType dtype)
    {
        int line = dtype == DType.Float32 ? 16 : 8;
        int end = 0;
        int transposedSum = Take(e * Pad(d));
        int sumGradient = Take(d * Pad(e));
        int normalizer = normalized ? Take(d) : -1;
        int normalizerGradient = normalized ? Take(d) : -1;
        bool flows = decay == Decay.PerHead;
        return new BackwardTraits
        {
            Phases = causal
                ? [new(BackwardTokens.Queries, false, true, null), new(BackwardTokens.Keys, true, true, null)]
                : [new(BackwardTokens.State, false, true, null), new(BackwardTokens.Queries, false, true, null), new(BackwardTokens.Keys, false, false, null)],
            BlockLength = end,
            TransposedSumOffset = transposedSum,
            TransposedSumStride = Pad(d),
            NormalizerOffset = normalizer,
            SumGradientOffset = sumGradient,
            SumGradientStride = Pad(e),
            NormalizerGradientOffset = normalizerGradient,
            ScratchLength = 56,
            TokenElements = flows ? 4 : 2,
            QueryFlow = flows ? 2 : -1,
            KeyFlow = flows ? 3 : -1,
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
