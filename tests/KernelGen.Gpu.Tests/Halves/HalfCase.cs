using ILGPU;
using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Tests.Ptx;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>One product for <see cref="HalfProduct"/>: its kernel, its factors as they lie in memory, and what comes out in double precision.</summary>
internal sealed class HalfCase
{
    private const int Size = HalfProduct.Size;

    private readonly IProductForm _form;
    private readonly bool _isHalf;
    private readonly double[] _expected;

    public HalfCase(string form, string format, int depth, int seed)
    {
        _form = form switch
        {
            nameof(Plain) => default(Plain),
            nameof(RightTransposed) => default(RightTransposed),
            nameof(LeftTransposed) => default(LeftTransposed),
            nameof(BothTransposed) => default(BothTransposed),
            _ => throw new ArgumentException($"no form {form}", nameof(form)),
        };
        _isHalf = format == nameof(Float16);
        Depth = depth;
        Random random = new(seed);
        float[] a = Values(random, Size * depth), b = Values(random, depth * Size);
        C = [.. Enumerable.Range(0, Size * Size).Select(_ => (random.NextSingle() * 8) - 4)];
        A = Stored(a, Size, depth, _form.IsLeftTransposed);
        B = Stored(b, depth, Size, _form.IsRightTransposed);
        _expected = [.. C.Select(x => (double)x)];
        for (int m = 0; m < Size; m++)
        {
            for (int n = 0; n < Size; n++)
            {
                for (int k = 0; k < depth; k++)
                    _expected[(m * Size) + n] += (double)a[(m * depth) + k] * b[(k * Size) + n];
            }
        }
    }

    public static string[] Forms { get; } = [nameof(Plain), nameof(RightTransposed), nameof(LeftTransposed), nameof(BothTransposed)];

    public static string[] Formats { get; } = [nameof(Float16), nameof(BFloat16)];

    public int Depth { get; }

    public ushort[] A { get; }

    public ushort[] B { get; }

    public float[] C { get; }

    /// <summary>The kernel of this case's types.</summary>
    public Action<ArrayView<Float4>, ArrayView<Float4>, ArrayView<Float2>, ArrayView<int>, int> Kernel<TUnit>()
        where TUnit : struct, IProductUnit => _form switch
        {
            Plain => Kernel<Plain, TUnit>(),
            RightTransposed => Kernel<RightTransposed, TUnit>(),
            LeftTransposed => Kernel<LeftTransposed, TUnit>(),
            _ => Kernel<BothTransposed, TUnit>(),
        };

    /// <summary>Error of the sums, of the largest.</summary>
    public double Error(float[] sums) => GpuContract.Error(sums, _expected);

    /// <summary>Error of the rounded sums, over that of the exact ones' rounding.</summary>
    public double RoundedRatio(int[] words)
    {
        float[] rounded = [.. words.SelectMany(word => new[] { (ushort)word, (ushort)(word >> 16) }).Select(bits => NarrowReference.Widen(bits, _isHalf))];
        return GpuContract.Error(rounded, _expected) / GpuContract.Error([.. _expected.Select(x => NarrowReference.Round(x, _isHalf))], _expected);
    }

    private Action<ArrayView<Float4>, ArrayView<Float4>, ArrayView<Float2>, ArrayView<int>, int> Kernel<TForm, TUnit>()
        where TForm : struct, IProductForm
        where TUnit : struct, IProductUnit =>
        _isHalf ? HalfProduct.Kernel<TForm, Float16, TUnit> : HalfProduct.Kernel<TForm, BFloat16, TUnit>;

    /// <summary>Numbers of the format, subnormal ones among those of float16.</summary>
    private float[] Values(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(i => NarrowReference.Round(((random.NextDouble() * 2) - 1) * Math.ScaleB(1, i % 16 == 0 ? -16 : i % 3), _isHalf))];

    private ushort[] Stored(float[] values, int rows, int columns, bool isTransposed)
    {
        ushort[] stored = new ushort[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                stored[isTransposed ? (column * rows) + row : (row * columns) + column] = NarrowReference.Bits(values[(row * columns) + column], _isHalf);
        }

        return stored;
    }
}
