using System.Runtime.CompilerServices;
using ILGPU;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>
/// Causal linear attention without normalizer on tensor cores, o = phi(Q) S + tril(phi(Q) phi(K)^T) V and S += phi(K)^T V chunk by chunk: a block of four warps for one head of
/// 64 x 64, chunks of 64 tokens. What a generated kernel of 16-bit tensors would do, to learn what it takes: its registers, and whether results are as good as their rounding.
/// </summary>
/// <remarks>
/// Warp w has tokens 16w .. of a chunk's outputs and rows 16w .. of S, both as sums in registers. Queries pass through shared memory to become fragments, and the scores are
/// fragments as they come. S is stored for all warps to read, as lead and rest in bfloat16: its rows, those of the queries and of the outputs on their way out are the
/// warp's own, and take the same place in turn.
/// </remarks>
public static class HalfAttention
{
    public const int Threads = 128;
    public const int Size = 64;

    /// <summary>Words of 16 bytes of a tile.</summary>
    private const int Tile = 512;
    private const uint TileBytes = 16 * Tile;

    // Leads and rests of Q, then S, then the outputs; of K; of V.
    private const int First = 0;
    private const int Keys = 2 * Tile;
    private const int Values = 4 * Tile;

    /// <param name="q">[tokens, 64], eight elements a word.</param>
    /// <param name="k">Likewise.</param>
    /// <param name="v">Likewise.</param>
    /// <param name="o">Likewise.</param>
    /// <param name="tokens">A multiple of 64.</param>
    public static void Kernel<TFormat, TMap, TKeys, TValues, TInner>(ArrayView<Float4> q, ArrayView<Float4> k, ArrayView<Float4> v, ArrayView<Float4> o, int tokens)
        where TFormat : struct, IHalfFormat
        where TMap : struct, IHalfMap
        where TKeys : struct, IFactorParts
        where TValues : struct, IFactorParts
        where TInner : struct, IFactorParts
    {
        ArrayView<Float4> shared = SharedMemory.Allocate<Float4>((default(TValues).IsSplit ? 6 : 5) * Tile);
        ArrayView<uint> words = shared.Cast<uint>();
        int t = Group.IdxX, lane = t & 31, own = 16 * (t >> 5), row = own + (lane >> 2), word = lane & 3;
        uint start = TensorCore.SharedAddress();
        uint left = Place(First, own + (lane & 15), lane >> 4);
        uint leftTransposed = Place(Keys, (lane & 7) + ((lane >> 4) << 3), (own >> 3) + ((lane >> 3) & 1));
        uint keys = Place(Keys, (lane & 7) + ((lane >> 4) << 3), (lane >> 3) & 1);
        uint values = Place(Values, lane & 15, lane >> 4), state = Place(First, lane & 15, lane >> 4);
        HalfStrip s = default;
        for (int token = 0; token < tokens; token += Size)
        {
            // The warp's own queries: four rows at a time.
            for (int i = 0; i < 16; i += 4)
                Tiles.Take<TFormat, TMap, TKeys>(q, shared, First, token, own + i + (lane >> 3), lane & 7);
            Warp.Barrier();
            HalfFragment q0 = HalfFragment.Load(start + left), q1 = HalfFragment.Load(start + (left ^ 32)), q2 = HalfFragment.Load(start + (left ^ 64)), q3 = HalfFragment.Load(start + (left ^ 96));
            HalfFragment r0 = default, r1 = default, r2 = default, r3 = default;
            if (default(TKeys).IsSplit)
            {
                r0 = HalfFragment.Load(start + left + TileBytes);
                r1 = HalfFragment.Load(start + (left ^ 32) + TileBytes);
                r2 = HalfFragment.Load(start + (left ^ 64) + TileBytes);
                r3 = HalfFragment.Load(start + (left ^ 96) + TileBytes);
            }

            Warp.Barrier();
            Tiles.Publish(words, s, row, word);
            for (int i = 0; i < Size; i += 16)
            {
                Tiles.Take<TFormat, TMap, TKeys>(k, shared, Keys, token, i + (t >> 3), t & 7);
                Tiles.Take<TFormat, Same, TValues>(v, shared, Values, token, i + (t >> 3), t & 7);
            }

            Group.Barrier();
            HalfStrip p = default;
            p.Add<TKeys, TKeys>(q0, r0, start, keys, 0, isTransposed: true);
            p.Add<TKeys, TKeys>(q1, r1, start, keys, 16, isTransposed: true);
            p.Add<TKeys, TKeys>(q2, r2, start, keys, 32, isTransposed: true);
            p.Add<TKeys, TKeys>(q3, r3, start, keys, 48, isTransposed: true);
            Tiles.Mask(ref p, row, 2 * word);
            HalfStrip.AsLeft(p.C0, p.C1, out HalfFragment p0, out HalfFragment e0);
            HalfStrip.AsLeft(p.C2, p.C3, out HalfFragment p1, out HalfFragment e1);
            HalfStrip.AsLeft(p.C4, p.C5, out HalfFragment p2, out HalfFragment e2);
            HalfStrip.AsLeft(p.C6, p.C7, out HalfFragment p3, out HalfFragment e3);
            HalfStrip y = default;
            y.Add<TKeys, TInner>(q0, r0, start, state, 0, isTransposed: false);
            y.Add<TKeys, TInner>(q1, r1, start, state, 16, isTransposed: false);
            y.Add<TKeys, TInner>(q2, r2, start, state, 32, isTransposed: false);
            y.Add<TKeys, TInner>(q3, r3, start, state, 48, isTransposed: false);
            y.Add<TInner, TValues>(p0, e0, start, values, 0, isTransposed: false);
            y.Add<TInner, TValues>(p1, e1, start, values, 16, isTransposed: false);
            y.Add<TInner, TValues>(p2, e2, start, values, 32, isTransposed: false);
            y.Add<TInner, TValues>(p3, e3, start, values, 48, isTransposed: false);
            Fold<TKeys, TValues>(ref s, start, leftTransposed, values, 0);
            Fold<TKeys, TValues>(ref s, start, leftTransposed, values, 16);
            Fold<TKeys, TValues>(ref s, start, leftTransposed, values, 32);
            Fold<TKeys, TValues>(ref s, start, leftTransposed, values, 48);
            Group.Barrier();
            Tiles.Stage<TFormat>(words, y, row, word);
            Warp.Barrier();
            for (int i = 0; i < 16; i += 4)
            {
                int at = own + i + (lane >> 3);
                o[((long)(token + at) * 8) + (lane & 7)] = shared[First + (at * 8) + ((lane & 7) ^ (at & 7))];
            }

            Warp.Barrier();
        }
    }

    /// <summary>S += phi(K)^T V of sixteen tokens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold<TKeys, TValues>(ref HalfStrip s, uint start, uint left, uint values, int token)
        where TKeys : struct, IFactorParts
        where TValues : struct, IFactorParts
    {
        uint at = start + HalfStrip.Moved(left, 0, token);
        HalfFragment lead = HalfFragment.LoadTransposed(at), rest = default;
        if (default(TKeys).IsSplit)
            rest = HalfFragment.LoadTransposed(at + TileBytes);
        s.Add<TKeys, TValues>(lead, rest, start, values, token, isTransposed: false);
    }

    private static uint Place(int tile, int row, int word) => (uint)(((tile + (row * 8)) << 4) + ((word ^ (row & 7)) << 4));

    /// <summary>What passes between the tensors, registers and shared memory.</summary>
    private static class Tiles
    {
        /// <summary>Eight elements of a row through the map, as lead and rest or, where exact in one word, as lead.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Take<TFormat, TMap, TParts>(ArrayView<Float4> from, ArrayView<Float4> shared, int tile, int token, int row, int word)
            where TFormat : struct, IHalfFormat
            where TMap : struct, IHalfMap
            where TParts : struct, IFactorParts
        {
            Float4 x = from[((long)(token + row) * 8) + word];
            Both<TFormat, TMap>(x.X, out float l0, out float r0);
            Both<TFormat, TMap>(x.Y, out float l1, out float r1);
            Both<TFormat, TMap>(x.Z, out float l2, out float r2);
            Both<TFormat, TMap>(x.W, out float l3, out float r3);
            int to = tile + (row * 8) + (word ^ (row & 7));
            shared[to] = new Float4(l0, l1, l2, l3);
            if (default(TParts).IsSplit)
                shared[to + Tile] = new Float4(r0, r1, r2, r3);
        }

        /// <summary>S for all to read.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Publish(ArrayView<uint> words, HalfStrip s, int row, int word)
        {
            Publish(words, s.C0, row, 0, word);
            Publish(words, s.C1, row, 1, word);
            Publish(words, s.C2, row, 2, word);
            Publish(words, s.C3, row, 3, word);
            Publish(words, s.C4, row, 4, word);
            Publish(words, s.C5, row, 5, word);
            Publish(words, s.C6, row, 6, word);
            Publish(words, s.C7, row, 7, word);
        }

        /// <summary>Outputs in their format, on their way to whole words.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Stage<TFormat>(ArrayView<uint> words, HalfStrip y, int row, int word)
            where TFormat : struct, IHalfFormat
        {
            Stage<TFormat>(words, y.C0, row, 0, word);
            Stage<TFormat>(words, y.C1, row, 1, word);
            Stage<TFormat>(words, y.C2, row, 2, word);
            Stage<TFormat>(words, y.C3, row, 3, word);
            Stage<TFormat>(words, y.C4, row, 4, word);
            Stage<TFormat>(words, y.C5, row, 5, word);
            Stage<TFormat>(words, y.C6, row, 6, word);
            Stage<TFormat>(words, y.C7, row, 7, word);
        }

        /// <summary>Scores of later tokens become zero.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Mask(ref HalfStrip p, int row, int column)
        {
            p.C0 = Mask(p.C0, row, column);
            p.C1 = Mask(p.C1, row, column + 8);
            p.C2 = Mask(p.C2, row, column + 16);
            p.C3 = Mask(p.C3, row, column + 24);
            p.C4 = Mask(p.C4, row, column + 32);
            p.C5 = Mask(p.C5, row, column + 40);
            p.C6 = Mask(p.C6, row, column + 48);
            p.C7 = Mask(p.C7, row, column + 56);
        }

        private static Float4 Mask(Float4 c, int row, int column) => new(
            column <= row ? c.X : 0f, column + 1 <= row ? c.Y : 0f, column <= row + 8 ? c.Z : 0f, column + 1 <= row + 8 ? c.W : 0f);

        // Rows 8 apart have the same swizzle.
        private static int Word(int row, int tile, int word) => (((row * 8) + (tile ^ (row & 7))) * 4) + word;

        private static void Publish(ArrayView<uint> words, Float4 c, int row, int tile, int word)
        {
            int at = Word(row, tile, word);
            TensorCore.SplitBFloat16(c.X, c.Y, out uint upper, out uint upperRest);
            TensorCore.SplitBFloat16(c.Z, c.W, out uint lower, out uint lowerRest);
            words[at] = upper;
            words[at + 256] = lower;
            words[at + (4 * Tile)] = upperRest;
            words[at + (4 * Tile) + 256] = lowerRest;
        }

        private static void Stage<TFormat>(ArrayView<uint> words, Float4 c, int row, int tile, int word)
            where TFormat : struct, IHalfFormat
        {
            int at = Word(row, tile, word);
            words[at] = default(TFormat).PackOnTensorCore(c.X, c.Y);
            words[at + 256] = default(TFormat).PackOnTensorCore(c.Z, c.W);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Both<TFormat, TMap>(float bits, out float lead, out float rest)
            where TFormat : struct, IHalfFormat
            where TMap : struct, IHalfMap
        {
            uint pair = Interop.FloatAsInt(bits);
            TensorCore.SplitBFloat16(
                default(TMap).Apply(default(TFormat).LowOnTensorCore(pair)), default(TMap).Apply(default(TFormat).HighOnTensorCore(pair)), out uint leads, out uint rests);
            lead = Interop.IntAsFloat(leads);
            rest = Interop.IntAsFloat(rests);
        }
    }
}

/// <summary>phi.</summary>
public interface IHalfMap
{
    float Apply(float x);
}

/// <summary>x.</summary>
public readonly struct Same : IHalfMap
{
    public float Apply(float x) => x;
}

/// <summary>elu(x) + 1.</summary>
public readonly struct EluPlusOne : IHalfMap
{
    public float Apply(float x) => x > 0f ? x + 1f : GpuMath.Exp(x);
}
