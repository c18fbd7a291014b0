using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Products of tiles held across a warp, and their loads from shared memory.</summary>
internal static class MatrixOperations
{
    private const int Rows = 16;
    private const int Columns = 8;

    /// <summary>
    /// D = A B + C of 16 x depth and depth x 8. With group = lane / 4 and place = lane % 4, register i of A holds row group + 8 (i % 2), columns from
    /// place (of 4 for tf32, of 8 in pairs for the 16-bit types) in the half i / 2; of B rows likewise of column group; of C and D row group + 8 (i / 2),
    /// column 2 place + i % 2 (PTX ISA, "Matrix Fragments for mma.m16n8k16 with floating point type" and its neighbours). Products are exact;
    /// hardware adds them in an order and with a truncation that are not documented, so a test must leave it some units in the last place of the
    /// largest term, or run with each <see cref="PtxMatrixSum"/>.
    /// </summary>
    public static void Multiply(PtxStep s, PtxWarp w, uint active, PtxType type, int depth)
    {
        if (active != uint.MaxValue)
            throw w.Fault(s, BitOperations.TrailingZeroCount(~active), PtxFault.WarpDivergence, "a product needs all 32 threads");
        Span<double> a = stackalloc double[Rows * depth];
        Span<double> b = stackalloc double[Columns * depth];
        bool isSingle = type == PtxType.Tf32;
        for (int lane = 0; lane < PtxWarp.Size; lane++)
        {
            int group = lane >> 2;
            int place = lane & 3;
            for (int i = 0; i < s.MatrixA.Length; i++)
            {
                uint bits = (uint)w.Registers[s.MatrixA[i] + lane];
                int row = group + 8 * (i & 1);
                Unpack(a[(row * depth)..], isSingle ? place + 4 * (i >> 1) : 2 * place + 8 * (i >> 1), bits, type);
            }

            for (int i = 0; i < s.MatrixB.Length; i++)
            {
                uint bits = (uint)w.Registers[s.MatrixB[i] + lane];
                Unpack(b[(group * depth)..], isSingle ? place + 4 * i : 2 * place + 8 * i, bits, type);
            }
        }

        PtxMatrixSum kind = w.Block.Machine.Options.MatrixSum;
        Span<float> results = stackalloc float[PtxWarp.Size * 4];
        for (int lane = 0; lane < PtxWarp.Size; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                int row = (lane >> 2) + 8 * (i >> 1);
                int column = 2 * (lane & 3) + (i & 1);
                float c = LaneLoops.Get<float>(ref w.Registers[s.MatrixC[i]], lane);
                results[lane * 4 + i] = MatrixSums.Add(kind, c, a.Slice(row * depth, depth), b.Slice(column * depth, depth));
            }
        }

        for (int lane = 0; lane < PtxWarp.Size; lane++)
        {
            for (int i = 0; i < 4; i++)
                LaneLoops.Put(ref w.Registers[s.Vector[i]], lane, results[lane * 4 + i]);
        }
    }

    /// <summary>
    /// 8 x 8 matrices of 16 bits: threads 0 to 7 hold the addresses of the first one's rows, 8 to 15 of the second one's and so on; each
    /// thread gets two neighbours of row lane / 4, or of column lane / 4 where transposed (PTX ISA, "Warp-level matrix load instruction: ldmatrix"). It is
    /// the thread that gets an element which has read it, not the one that names its row.
    /// </summary>
    public static void Load(PtxStep s, PtxWarp w, uint active, bool isTransposed)
    {
        if (active != uint.MaxValue)
            throw w.Fault(s, BitOperations.TrailingZeroCount(~active), PtxFault.WarpDivergence, "a load of matrices needs all 32 threads");
        MemoryRegion region = w.Block.Shared;
        Span<int> rows = stackalloc int[PtxWarp.Size];
        int count = s.Vector.Length * 8;
        for (int lane = 0; lane < count; lane++)
        {
            ulong address = (uint)(w.Registers[s.A + lane] + (ulong)s.Offset);
            w.Addresses[lane] = address;
            SharedSpace.Resolve(s, w, lane, address, out rows[lane]);
            MemoryOperations.CheckRead(s, w, lane, region, rows[lane]);
        }

        MemoryCounting.Count(s, w, count == 32 ? uint.MaxValue : (1u << count) - 1, region, isWrite: false);
        for (int matrix = 0; matrix < s.Vector.Length; matrix++)
        {
            for (int lane = 0; lane < PtxWarp.Size; lane++)
            {
                int major = lane >> 2;
                int minor = 2 * (lane & 3);
                int first = isTransposed ? rows[matrix * 8 + minor] + 2 * major : rows[matrix * 8 + major] + 2 * minor;
                int second = isTransposed ? rows[matrix * 8 + minor + 1] + 2 * major : first + 2;
                RaceCheck.Read(s, w, lane, region, first, 2);
                RaceCheck.Read(s, w, lane, region, second, 2);
                w.Registers[s.Vector[matrix] + lane] = MemoryOperations.Read(ref region.Data[first], 2, false)
                    | MemoryOperations.Read(ref region.Data[second], 2, false) << 16;
            }
        }
    }

    private static void Unpack(Span<double> row, int column, uint bits, PtxType type)
    {
        switch (type)
        {
            case PtxType.Tf32:

                // Hardware reads no more of a register than tf32 has.
                row[column] = BitConverter.UInt32BitsToSingle(bits & 0xffffe000);
                break;
            case PtxType.F16:
                row[column] = (double)BitConverter.UInt16BitsToHalf((ushort)bits);
                row[column + 1] = (double)BitConverter.UInt16BitsToHalf((ushort)(bits >> 16));
                break;
            default:
                row[column] = NarrowFormats.FromBf16((ushort)bits);
                row[column + 1] = NarrowFormats.FromBf16((ushort)(bits >> 16));
                break;
        }
    }
}
