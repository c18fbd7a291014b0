using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<double>;

namespace KernelGen.Runtime;

/// <summary>8 x 8 doubles in AVX-512 registers: one round inside the 128-bit quarters, two between them, 24 shuffles.</summary>
internal readonly struct Block8x8Double : ITransposeBlock<double>
{
    public static int Size => 8;

    public static bool IsSupported => Avx512F.IsSupported;

    // Too large to be inlined, and called from kernels that never pass through a slower tier: so neither may this.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(ref readonly double source, nint sourceStride, ref double destination, nint destinationStride)
    {
        ref double from = ref Unsafe.AsRef(in source);
        V r0 = Vector512.LoadUnsafe(in from);
        V r1 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, sourceStride));
        V r2 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 2 * sourceStride));
        V r3 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 3 * sourceStride));
        V r4 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 4 * sourceStride));
        V r5 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 5 * sourceStride));
        V r6 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 6 * sourceStride));
        V r7 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 7 * sourceStride));

        // Quarter q of even(i) holds column 2 q of rows i and i + 1, quarter q of odd(i) column 2 q + 1.
        V even0 = Avx512F.UnpackLow(r0, r1);
        V odd0 = Avx512F.UnpackHigh(r0, r1);
        V even2 = Avx512F.UnpackLow(r2, r3);
        V odd2 = Avx512F.UnpackHigh(r2, r3);
        V even4 = Avx512F.UnpackLow(r4, r5);
        V odd4 = Avx512F.UnpackHigh(r4, r5);
        V even6 = Avx512F.UnpackLow(r6, r7);
        V odd6 = Avx512F.UnpackHigh(r6, r7);

        (V c0, V c2, V c4, V c6) = Across(even0, even2, even4, even6);
        (V c1, V c3, V c5, V c7) = Across(odd0, odd2, odd4, odd6);

        c0.StoreUnsafe(ref destination);
        c1.StoreUnsafe(ref Unsafe.Add(ref destination, destinationStride));
        c2.StoreUnsafe(ref Unsafe.Add(ref destination, 2 * destinationStride));
        c3.StoreUnsafe(ref Unsafe.Add(ref destination, 3 * destinationStride));
        c4.StoreUnsafe(ref Unsafe.Add(ref destination, 4 * destinationStride));
        c5.StoreUnsafe(ref Unsafe.Add(ref destination, 5 * destinationStride));
        c6.StoreUnsafe(ref Unsafe.Add(ref destination, 6 * destinationStride));
        c7.StoreUnsafe(ref Unsafe.Add(ref destination, 7 * destinationStride));
    }

    public static void Rest(ref readonly double source, nint sourceStride, ref double destination, nint destinationStride, int rows, int columns)
        => TilePacking.Transpose256(in source, sourceStride, ref destination, destinationStride, rows, columns);

    /// <summary>Transposes the 4 x 4 matrix whose elements are the quarters of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V C0, V C1, V C2, V C3) Across(V a, V b, V c, V d)
    {
        // 0x88 takes quarters 0 and 2 of each operand, 0xDD 1 and 3.
        V abEven = Avx512F.Shuffle4x128(a, b, 0x88);
        V abOdd = Avx512F.Shuffle4x128(a, b, 0xDD);
        V cdEven = Avx512F.Shuffle4x128(c, d, 0x88);
        V cdOdd = Avx512F.Shuffle4x128(c, d, 0xDD);
        return (
            Avx512F.Shuffle4x128(abEven, cdEven, 0x88),
            Avx512F.Shuffle4x128(abOdd, cdOdd, 0x88),
            Avx512F.Shuffle4x128(abEven, cdEven, 0xDD),
            Avx512F.Shuffle4x128(abOdd, cdOdd, 0xDD));
    }
}
