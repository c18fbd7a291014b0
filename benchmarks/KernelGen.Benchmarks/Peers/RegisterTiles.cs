using System.Runtime.CompilerServices;
using KernelGen.Benchmarks.Machine;

namespace KernelGen.Benchmarks.Peers;

/// <summary>A small matrix product in register tiles of four rows and two vectors, whose eight accumulators hide a latency of four on two ports.</summary>
internal static unsafe class RegisterTiles
{
    /// <summary>Rows of C are multiples of this.</summary>
    public const int Rows = 4;

    /// <summary>Columns of C are multiples of this: two of the widest vectors.</summary>
    public const int Columns = 32;

    /// <summary>C = A B, or C += A B; A [rows, depth], B [depth, columns], row-major with the given distances from row to row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply<TVector, TLanes>(
        float* a, nint aRow, float* b, nint bRow, float* c, nint cRow, int rows, int columns, int depth, bool accumulate)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        for (int j = 0; j < columns; j += 2 * TLanes.Count)
        {
            for (int i = 0; i < rows; i += Rows)
            {
                float* tile = c + (i * cRow) + j;
                TVector c00 = TLanes.Create(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
                if (accumulate)
                {
                    c00 = TLanes.Load(tile);
                    c01 = TLanes.Load(tile + TLanes.Count);
                    c10 = TLanes.Load(tile + cRow);
                    c11 = TLanes.Load(tile + cRow + TLanes.Count);
                    c20 = TLanes.Load(tile + (2 * cRow));
                    c21 = TLanes.Load(tile + (2 * cRow) + TLanes.Count);
                    c30 = TLanes.Load(tile + (3 * cRow));
                    c31 = TLanes.Load(tile + (3 * cRow) + TLanes.Count);
                }

                float* left = a + (i * aRow);
                float* right = b + j;
                for (int d = 0; d < depth; d++)
                {
                    TVector b0 = TLanes.Load(right);
                    TVector b1 = TLanes.Load(right + TLanes.Count);
                    TVector a0 = TLanes.Create(left[d]);
                    c00 = TLanes.MultiplyAdd(a0, b0, c00);
                    c01 = TLanes.MultiplyAdd(a0, b1, c01);
                    TVector a1 = TLanes.Create(left[aRow + d]);
                    c10 = TLanes.MultiplyAdd(a1, b0, c10);
                    c11 = TLanes.MultiplyAdd(a1, b1, c11);
                    TVector a2 = TLanes.Create(left[(2 * aRow) + d]);
                    c20 = TLanes.MultiplyAdd(a2, b0, c20);
                    c21 = TLanes.MultiplyAdd(a2, b1, c21);
                    TVector a3 = TLanes.Create(left[(3 * aRow) + d]);
                    c30 = TLanes.MultiplyAdd(a3, b0, c30);
                    c31 = TLanes.MultiplyAdd(a3, b1, c31);
                    right += bRow;
                }

                TLanes.Store(c00, tile);
                TLanes.Store(c01, tile + TLanes.Count);
                TLanes.Store(c10, tile + cRow);
                TLanes.Store(c11, tile + cRow + TLanes.Count);
                TLanes.Store(c20, tile + (2 * cRow));
                TLanes.Store(c21, tile + (2 * cRow) + TLanes.Count);
                TLanes.Store(c30, tile + (3 * cRow));
                TLanes.Store(c31, tile + (3 * cRow) + TLanes.Count);
            }
        }
    }
}
