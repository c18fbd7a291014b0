using System.Runtime.CompilerServices;
using ILGPU;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>
/// C [64, 64] += A [64, depth] B [depth, 64] of 16-bit factors with single-precision sums, by one block of four warps, 64 steps of depth at a time: what a generated kernel does
/// in its four forms. A warp has 16 rows of C in eight products' sums, 32 numbers a thread.
/// </summary>
/// <remarks>
/// Tiles of 64 rows, 128 bytes or eight words of 16 bytes each; word w of row r lies at w ^ (r mod 8). The eight rows that a matrix load names at once are neighbours and have
/// the same w, so that they lie in eight different groups of four banks, transposed or not.
/// </remarks>
public static class HalfProduct
{
    public const int Threads = 128;
    public const int Size = 64;

    private const int TileWords = Size * RowWords;
    private const int RowWords = Size / 8;
    private const uint RowBytes = 16 * RowWords;

    /// <param name="a">A, or A^T, eight elements a word.</param>
    /// <param name="b">B, or B^T.</param>
    /// <param name="c">C, two elements a word.</param>
    /// <param name="rounded">What C becomes, in the factors' format, two elements a word.</param>
    /// <param name="depth">Columns of A, a multiple of 64.</param>
    public static void Kernel<TForm, TFormat, TUnit>(ArrayView<Float4> a, ArrayView<Float4> b, ArrayView<Float2> c, ArrayView<int> rounded, int depth)
        where TForm : struct, IProductForm
        where TFormat : struct, IHalfFormat
        where TUnit : struct, IProductUnit
    {
        ArrayView<Float4> shared = SharedMemory.Allocate<Float4>(2 * TileWords);
        int t = Group.IdxX, lane = t & 31, row = (16 * (t >> 5)) + (lane >> 2), word = lane & 3;
        Float4 c0 = Fetch(c, row, word), c1 = Fetch(c, row, word + 4), c2 = Fetch(c, row, word + 8), c3 = Fetch(c, row, word + 12);
        Float4 c4 = Fetch(c, row, word + 16), c5 = Fetch(c, row, word + 20), c6 = Fetch(c, row, word + 24), c7 = Fetch(c, row, word + 28);
        for (int k = 0; k < depth; k += Size)
        {
            Group.Barrier();
            Copy(a, shared, 0, t, k, default(TForm).IsLeftTransposed ? 0 : depth);
            Copy(b, shared, TileWords, t, k, default(TForm).IsRightTransposed ? depth : 0);
            Group.Barrier();
            if (default(TUnit).IsTensorCore)
            {
                uint start = TensorCore.SharedAddress(), left = Left<TForm>(lane, 16 * (t >> 5)), right = Right<TForm>(lane);
                Step<TForm, TFormat>(start, left, right, 0, ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7);
                Step<TForm, TFormat>(start, left, right, 16, ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7);
                Step<TForm, TFormat>(start, left, right, 32, ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7);
                Step<TForm, TFormat>(start, left, right, 48, ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7);
            }
            else
            {
                ArrayView<ushort> halves = shared.Cast<ushort>();
                for (int i = 0; i < Size; i++)
                {
                    float upper = Left<TForm, TFormat>(halves, row, i), lower = Left<TForm, TFormat>(halves, row + 8, i);
                    Add<TForm, TFormat>(ref c0, halves, upper, lower, i, 2 * word);
                    Add<TForm, TFormat>(ref c1, halves, upper, lower, i, (2 * word) + 8);
                    Add<TForm, TFormat>(ref c2, halves, upper, lower, i, (2 * word) + 16);
                    Add<TForm, TFormat>(ref c3, halves, upper, lower, i, (2 * word) + 24);
                    Add<TForm, TFormat>(ref c4, halves, upper, lower, i, (2 * word) + 32);
                    Add<TForm, TFormat>(ref c5, halves, upper, lower, i, (2 * word) + 40);
                    Add<TForm, TFormat>(ref c6, halves, upper, lower, i, (2 * word) + 48);
                    Add<TForm, TFormat>(ref c7, halves, upper, lower, i, (2 * word) + 56);
                }
            }
        }

        Store<TFormat, TUnit>(c, rounded, row, word, c0);
        Store<TFormat, TUnit>(c, rounded, row, word + 4, c1);
        Store<TFormat, TUnit>(c, rounded, row, word + 8, c2);
        Store<TFormat, TUnit>(c, rounded, row, word + 12, c3);
        Store<TFormat, TUnit>(c, rounded, row, word + 16, c4);
        Store<TFormat, TUnit>(c, rounded, row, word + 20, c5);
        Store<TFormat, TUnit>(c, rounded, row, word + 24, c6);
        Store<TFormat, TUnit>(c, rounded, row, word + 28, c7);
    }

    /// <summary>Sixteen steps of k: five matrix loads, eight products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TForm, TFormat>(
        uint shared, uint left, uint right, int k,
        ref Float4 c0, ref Float4 c1, ref Float4 c2, ref Float4 c3, ref Float4 c4, ref Float4 c5, ref Float4 c6, ref Float4 c7)
        where TForm : struct, IProductForm
        where TFormat : struct, IHalfFormat
    {
        uint a0, a1, a2, a3;
        if (default(TForm).IsLeftTransposed)
            TensorCore.LoadTransposed(shared + Moved(left, 0, k), out a0, out a1, out a2, out a3);
        else
            TensorCore.Load(shared + Moved(left, k, 0), out a0, out a1, out a2, out a3);
        Pair<TForm, TFormat>(shared, right, k, 0, a0, a1, a2, a3, ref c0, ref c1);
        Pair<TForm, TFormat>(shared, right, k, 16, a0, a1, a2, a3, ref c2, ref c3);
        Pair<TForm, TFormat>(shared, right, k, 32, a0, a1, a2, a3, ref c4, ref c5);
        Pair<TForm, TFormat>(shared, right, k, 48, a0, a1, a2, a3, ref c6, ref c7);
    }

    /// <summary>Sixteen columns from n on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<TForm, TFormat>(uint shared, uint right, int k, int n, uint a0, uint a1, uint a2, uint a3, ref Float4 c0, ref Float4 c1)
        where TForm : struct, IProductForm
        where TFormat : struct, IHalfFormat
    {
        uint b0, b1, b2, b3;
        if (default(TForm).IsRightTransposed)
            TensorCore.Load(shared + Moved(right, k, n), out b0, out b1, out b2, out b3);
        else
            TensorCore.LoadTransposed(shared + Moved(right, n, k), out b0, out b1, out b2, out b3);
        default(TFormat).Multiply(ref c0, a0, a1, a2, a3, b0, b1);
        default(TFormat).Multiply(ref c1, a0, a1, a2, a3, b2, b3);
    }

    /// <summary>Where a thread's row of A is at k = 0: matrices in the order of a0 to a3, which are rows 0 and 8 of A at k, then at k + 8.</summary>
    private static uint Left<TForm>(int lane, int first)
        where TForm : struct, IProductForm => default(TForm).IsLeftTransposed
            ? Place(0, (lane & 7) + ((lane >> 4) << 3), (first >> 3) + ((lane >> 3) & 1))
            : Place(0, first + (lane & 15), lane >> 4);

    /// <summary>Where a thread's row of B is at k = n = 0: matrices in the order of b0 and b1 of eight columns, then of the next eight.</summary>
    private static uint Right<TForm>(int lane)
        where TForm : struct, IProductForm => default(TForm).IsRightTransposed
            ? Place(TileWords, (lane & 7) + ((lane >> 4) << 3), (lane >> 3) & 1)
            : Place(TileWords, lane & 15, lane >> 4);

    /// <summary>Byte of a word of a tile, from the beginning of shared memory on.</summary>
    private static uint Place(int tile, int row, int word) => (uint)(((tile + (row * RowWords)) << 4) + ((word ^ (row & 7)) << 4));

    /// <summary>
    /// The place some columns on, a multiple of 16, and some rows down, a multiple of 8. The rows keep their swizzle, and the columns' bits are apart from the odd word's: they are
    /// turned over, whatever the swizzle, and constants but for that.
    /// </summary>
    private static uint Moved(uint place, int columns, int rows) => (place ^ (uint)(columns << 1)) + ((uint)rows * RowBytes);

    /// <summary>64 rows of 64 elements of a factor: from row k on, or, where rows are as long as the depth, from column k on.</summary>
    private static void Copy(ArrayView<Float4> from, ArrayView<Float4> shared, int tile, int t, int k, int depth)
    {
        // Rows 16 apart have the same swizzle.
        long stride = depth == 0 ? RowWords : depth >> 3, first = depth == 0 ? (long)k * RowWords : k >> 3;
        long row = t >> 3, word = t & 7, at = first + (row * stride) + word, to = tile + (row * RowWords) + (word ^ (row & 7));
        shared[to] = from[at];
        shared[to + (16 * RowWords)] = from[at + (16 * stride)];
        shared[to + (32 * RowWords)] = from[at + (32 * stride)];
        shared[to + (48 * RowWords)] = from[at + (48 * stride)];
    }

    private static float Element<TFormat>(ArrayView<ushort> halves, int tile, int row, int column)
        where TFormat : struct, IHalfFormat =>
        default(TFormat).Low(halves[(tile * 8) + (row * Size) + (((column >> 3) ^ (row & 7)) << 3) + (column & 7)]);

    private static float Left<TForm, TFormat>(ArrayView<ushort> halves, int m, int k)
        where TForm : struct, IProductForm
        where TFormat : struct, IHalfFormat =>
        default(TForm).IsLeftTransposed ? Element<TFormat>(halves, 0, k, m) : Element<TFormat>(halves, 0, m, k);

    private static float Right<TForm, TFormat>(ArrayView<ushort> halves, int k, int n)
        where TForm : struct, IProductForm
        where TFormat : struct, IHalfFormat =>
        default(TForm).IsRightTransposed ? Element<TFormat>(halves, TileWords, n, k) : Element<TFormat>(halves, TileWords, k, n);

    private static void Add<TForm, TFormat>(ref Float4 c, ArrayView<ushort> halves, float upper, float lower, int k, int n)
        where TForm : struct, IProductForm
        where TFormat : struct, IHalfFormat
    {
        float first = Right<TForm, TFormat>(halves, k, n), second = Right<TForm, TFormat>(halves, k, n + 1);
        c.X += upper * first;
        c.Y += upper * second;
        c.Z += lower * first;
        c.W += lower * second;
    }

    private static Float4 Fetch(ArrayView<Float2> c, int row, int word)
    {
        Float2 upper = c[(row * (Size / 2)) + word], lower = c[((row + 8) * (Size / 2)) + word];
        return new Float4(upper.X, upper.Y, lower.X, lower.Y);
    }

    private static void Store<TFormat, TUnit>(ArrayView<Float2> c, ArrayView<int> rounded, int row, int word, Float4 sums)
        where TFormat : struct, IHalfFormat
        where TUnit : struct, IProductUnit
    {
        int upper = (row * (Size / 2)) + word, lower = ((row + 8) * (Size / 2)) + word;
        c[upper] = new Float2(sums.X, sums.Y);
        c[lower] = new Float2(sums.Z, sums.W);
        bool isTensorCore = default(TUnit).IsTensorCore;
        rounded[upper] = (int)(isTensorCore ? default(TFormat).PackOnTensorCore(sums.X, sums.Y) : default(TFormat).Pack(sums.X, sums.Y));
        rounded[lower] = (int)(isTensorCore ? default(TFormat).PackOnTensorCore(sums.Z, sums.W) : default(TFormat).Pack(sums.Z, sums.W));
    }
}

/// <summary>Eight bytes that a GPU loads and stores at once.</summary>
public readonly record struct Float2(float X, float Y);
