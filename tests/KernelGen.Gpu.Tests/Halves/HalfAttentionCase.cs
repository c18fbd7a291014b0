using ILGPU;
using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Tests.Ptx;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>Tensors for <see cref="HalfAttention"/>, its kernel for them, and outputs in double precision by the recurrence.</summary>
internal sealed class HalfAttentionCase
{
    private const int Size = HalfAttention.Size;

    private readonly bool _isHalf;
    private readonly bool _isMapped;
    private readonly double[] _expected;

    public HalfAttentionCase(string format, bool isMapped, int tokens, int seed)
    {
        (_isHalf, _isMapped) = (format == nameof(Float16), isMapped);
        Random random = new(seed);
        float[] q = Values(random, tokens * Size), k = Values(random, tokens * Size), v = Values(random, tokens * Size);
        (Q, K, V) = (Bits(q), Bits(k), Bits(v));
        _expected = new double[tokens * Size];
        double[] state = new double[Size * Size];
        for (int token = 0; token < tokens; token++)
        {
            for (int d = 0; d < Size; d++)
            {
                (double query, double key) = (Map(q[(token * Size) + d]), Map(k[(token * Size) + d]));
                for (int e = 0; e < Size; e++)
                {
                    state[(d * Size) + e] += key * v[(token * Size) + e];
                    _expected[(token * Size) + e] += query * state[(d * Size) + e];
                }
            }
        }
    }

    public ushort[] Q { get; }

    public ushort[] K { get; }

    public ushort[] V { get; }

    /// <summary>Whether features are exact in one bfloat16: those of unmapped bfloat16.</summary>
    public bool AreKeysWhole => !_isHalf && !_isMapped;

    /// <summary>The kernel. Scores and states are always sums; without <paramref name="isSplit"/> every factor is rounded once, whatever that does.</summary>
    public Action<ArrayView<Float4>, ArrayView<Float4>, ArrayView<Float4>, ArrayView<Float4>, int> Kernel(bool isSplit) => (_isHalf, _isMapped, isSplit) switch
    {
        (false, false, true) => HalfAttention.Kernel<BFloat16, Same, Whole, Whole, Split>,
        (false, true, true) => HalfAttention.Kernel<BFloat16, EluPlusOne, Split, Whole, Split>,
        (true, false, true) => HalfAttention.Kernel<Float16, Same, Split, Split, Split>,
        (true, true, true) => HalfAttention.Kernel<Float16, EluPlusOne, Split, Split, Split>,
        (false, false, false) => HalfAttention.Kernel<BFloat16, Same, Whole, Whole, Whole>,
        (false, true, false) => HalfAttention.Kernel<BFloat16, EluPlusOne, Whole, Whole, Whole>,
        (true, false, false) => HalfAttention.Kernel<Float16, Same, Whole, Whole, Whole>,
        (true, true, false) => HalfAttention.Kernel<Float16, EluPlusOne, Whole, Whole, Whole>,
    };

    /// <summary>Error of outputs, over that of the exact ones' rounding: the largest, and the root of the mean square.</summary>
    public (double Largest, double Mean) Ratios(ushort[] outputs)
    {
        float[] got = [.. outputs.Select(bits => NarrowReference.Widen(bits, _isHalf))];
        float[] rounded = [.. _expected.Select(x => NarrowReference.Round(x, _isHalf))];
        return (GpuContract.Error(got, _expected) / GpuContract.Error(rounded, _expected), Math.Sqrt(Squares(got) / Squares(rounded)));
    }

    private double Squares(float[] values) => values.Zip(_expected, (value, exact) => (value - exact) * (value - exact)).Sum();

    private double Map(double x) => !_isMapped ? x : x > 0 ? x + 1 : Math.Exp(x);

    private float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => NarrowReference.Round((random.NextDouble() * 4) - 2, _isHalf))];

    private ushort[] Bits(float[] values) => [.. values.Select(x => NarrowReference.Bits(x, _isHalf))];
}
