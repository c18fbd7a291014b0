using System.ComponentModel;
using System.Runtime.CompilerServices;
using ILGPU;

namespace KernelGen.Gpu;

/// <summary>
/// Matrices in shared memory as tensor cores multiply them, x = lead + rest in bfloat16. For emitted kernels that <see cref="TensorCore"/> is for. A row has all leads and then
/// all rests, words of 16 bytes: word w of row r lies at w ^ f(r), f(r) the bits of r mod 8 in opposite order. So a word of eight rows, two words of four rows and four of two
/// are in 32 different banks each: matrix loads, results and copies of rows never wait.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TensorTile
{
    /// <summary>f(row).</summary>
    public static int Swizzle(int row) => ((row & 1) << 2) | (row & 2) | ((row >> 2) & 1);

    /// <summary>Four neighbours of a row.</summary>
    /// <param name="halves">Shared memory in words of four elements.</param>
    /// <param name="first">Where the row begins.</param>
    /// <param name="row">Its number.</param>
    /// <param name="word">The word of four columns.</param>
    /// <param name="rest">How many words the rests lie behind the leads: a power of two.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Read(ArrayView<Half4> halves, int first, int row, int word, int rest)
    {
        int at = word ^ (Swizzle(row) << 1);
        Float4 lead = Half4.FromBFloat16(halves[first + at]), tail = Half4.FromBFloat16(halves[first + (at ^ rest)]);
        return new Float4(lead.X + tail.X, lead.Y + tail.Y, lead.Z + tail.Z, lead.W + tail.W);
    }

    /// <summary>The same of a matrix without rests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 ReadWhole(ArrayView<Half4> halves, int first, int row, int word) => Half4.FromBFloat16(halves[first + (word ^ (Swizzle(row) << 1))]);

    /// <summary>Stores what <see cref="Read"/> reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ArrayView<Half4> halves, int first, int row, int word, int rest, Float4 x)
    {
        int at = word ^ (Swizzle(row) << 1);
        TensorCore.SplitBFloat16(x.X, x.Y, out uint low, out uint lowRest);
        TensorCore.SplitBFloat16(x.Z, x.W, out uint high, out uint highRest);
        halves[first + at] = new Half4(low, high);
        halves[first + (at ^ rest)] = new Half4(lowRest, highRest);
    }

    /// <summary>Stores what <see cref="ReadWhole"/> reads: numbers that are bfloat16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteWhole(ArrayView<Half4> halves, int first, int row, int word, Float4 x) => halves[first + (word ^ (Swizzle(row) << 1))] = ToBFloat16(x);

    /// <summary>Stores a warp's 16 x 8 sums as they are dealt out.</summary>
    /// <param name="words">Shared memory in words of two elements.</param>
    /// <param name="lead">Of this thread's in the upper row.</param>
    /// <param name="rest">Likewise.</param>
    /// <param name="below">Words to the lower row, eight further down: its swizzle is the same.</param>
    /// <param name="x">The sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Publish(ArrayView<uint> words, int lead, int rest, int below, Float4 x)
    {
        TensorCore.SplitBFloat16(x.X, x.Y, out uint upper, out uint upperRest);
        TensorCore.SplitBFloat16(x.Z, x.W, out uint lower, out uint lowerRest);
        words[lead] = upper;
        words[lead + below] = lower;
        words[rest] = upperRest;
        words[rest + below] = lowerRest;
    }

    /// <summary>
    /// Sums of two neighbouring products, 16 x 16 over a warp, as words of four columns: word 2 (p mod 2) + p / 2 of rows g and g + 8. Threads 2p and 2p + 1 give each other what
    /// they have of a product: threads of even number have the first one's words then, those of odd number the second one's, and four threads have 16 columns of a row.
    /// </summary>
    /// <param name="first">Sums of the first product; then the word of row g.</param>
    /// <param name="second">Sums of the second; then the word of row g + 8.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(ref Float4 first, ref Float4 second)
    {
        bool isOdd = (Warp.LaneIdx & 1) != 0;
        Float4 own = Choose(isOdd, second, first), other = Exchange(Choose(isOdd, first, second));
        Float4 upperEven = new(own.X, own.Y, other.X, other.Y), upperOdd = new(other.X, other.Y, own.X, own.Y);
        Float4 lowerEven = new(own.Z, own.W, other.Z, other.W), lowerOdd = new(other.Z, other.W, own.Z, own.W);
        first = PerThread(Choose(isOdd, upperOdd, upperEven));
        second = PerThread(Choose(isOdd, lowerOdd, lowerEven));
    }

    /// <summary>The opposite of <see cref="Gather"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scatter(ref Float4 first, ref Float4 second)
    {
        bool isOdd = (Warp.LaneIdx & 1) != 0;
        Float4 left = new(first.X, first.Y, second.X, second.Y), right = new(first.Z, first.W, second.Z, second.W);
        Float4 own = Choose(isOdd, right, left), other = Exchange(Choose(isOdd, left, right));
        first = Choose(isOdd, other, own);
        second = Choose(isOdd, own, other);
    }

    /// <summary>Four float16, widened, by one instruction each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 FromFloat16(Half4 x) => new(TensorCore.LowFloat16(x.Low), TensorCore.HighFloat16(x.Low), TensorCore.LowFloat16(x.High), TensorCore.HighFloat16(x.High));

    /// <summary>Four bfloat16, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 FromBFloat16(Half4 x) => Half4.FromBFloat16(x);

    /// <summary>Four numbers, rounded to float16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Half4 ToFloat16(Float4 x) => new(TensorCore.PackFloat16(x.X, x.Y), TensorCore.PackFloat16(x.Z, x.W));

    /// <summary>Four numbers, rounded to bfloat16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Half4 ToBFloat16(Float4 x) => new(TensorCore.PackBFloat16(x.X, x.Y), TensorCore.PackBFloat16(x.Z, x.W));

    private static Float4 Choose(bool isFirst, Float4 x, Float4 y) => new(isFirst ? x.X : y.X, isFirst ? x.Y : y.Y, isFirst ? x.Z : y.Z, isFirst ? x.W : y.W);

    private static Float4 Exchange(Float4 x) => new(Warp.ShuffleXor(x.X, 1), Warp.ShuffleXor(x.Y, 1), Warp.ShuffleXor(x.Z, 1), Warp.ShuffleXor(x.W, 1));

    private static Float4 PerThread(Float4 x) => new(TensorCore.PerThread(x.X), TensorCore.PerThread(x.Y), TensorCore.PerThread(x.Z), TensorCore.PerThread(x.W));
}
