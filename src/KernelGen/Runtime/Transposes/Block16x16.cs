using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VD = System.Runtime.Intrinsics.Vector512<double>;

namespace KernelGen.Runtime;

/// <summary>16 x 16 floats in AVX-512 registers: two rounds inside the 128-bit quarters, two between them, 64 shuffles.</summary>
internal readonly struct Block16x16 : ITransposeBlock<float>
{
    public static int Size => 16;

    public static bool IsSupported => Avx512F.IsSupported;

    // Too large to be inlined, and called from kernels that never pass through a slower tier: so neither may this.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(ref readonly float source, nint sourceStride, ref float destination, nint destinationStride)
    {
        ref float from = ref Unsafe.AsRef(in source);
        V r0 = Vector512.LoadUnsafe(in from);
        V r1 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, sourceStride));
        V r2 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 2 * sourceStride));
        V r3 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 3 * sourceStride));
        V r4 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 4 * sourceStride));
        V r5 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 5 * sourceStride));
        V r6 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 6 * sourceStride));
        V r7 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 7 * sourceStride));
        V r8 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 8 * sourceStride));
        V r9 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 9 * sourceStride));
        V r10 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 10 * sourceStride));
        V r11 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 11 * sourceStride));
        V r12 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 12 * sourceStride));
        V r13 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 13 * sourceStride));
        V r14 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 14 * sourceStride));
        V r15 = Vector512.LoadUnsafe(in Unsafe.Add(ref from, 15 * sourceStride));

        // Quarter q of p(4 g + m) holds column 4 q + m of rows 4 g to 4 g + 3.
        (V p0, V p1, V p2, V p3) = Quarters(r0, r1, r2, r3);
        (V p4, V p5, V p6, V p7) = Quarters(r4, r5, r6, r7);
        (V p8, V p9, V p10, V p11) = Quarters(r8, r9, r10, r11);
        (V p12, V p13, V p14, V p15) = Quarters(r12, r13, r14, r15);

        // So quarter q of p(m), p(4 + m), p(8 + m), p(12 + m) together are column 4 q + m.
        (V c0, V c4, V c8, V c12) = Across(p0, p4, p8, p12);
        (V c1, V c5, V c9, V c13) = Across(p1, p5, p9, p13);
        (V c2, V c6, V c10, V c14) = Across(p2, p6, p10, p14);
        (V c3, V c7, V c11, V c15) = Across(p3, p7, p11, p15);

        c0.StoreUnsafe(ref destination);
        c1.StoreUnsafe(ref Unsafe.Add(ref destination, destinationStride));
        c2.StoreUnsafe(ref Unsafe.Add(ref destination, 2 * destinationStride));
        c3.StoreUnsafe(ref Unsafe.Add(ref destination, 3 * destinationStride));
        c4.StoreUnsafe(ref Unsafe.Add(ref destination, 4 * destinationStride));
        c5.StoreUnsafe(ref Unsafe.Add(ref destination, 5 * destinationStride));
        c6.StoreUnsafe(ref Unsafe.Add(ref destination, 6 * destinationStride));
        c7.StoreUnsafe(ref Unsafe.Add(ref destination, 7 * destinationStride));
        c8.StoreUnsafe(ref Unsafe.Add(ref destination, 8 * destinationStride));
        c9.StoreUnsafe(ref Unsafe.Add(ref destination, 9 * destinationStride));
        c10.StoreUnsafe(ref Unsafe.Add(ref destination, 10 * destinationStride));
        c11.StoreUnsafe(ref Unsafe.Add(ref destination, 11 * destinationStride));
        c12.StoreUnsafe(ref Unsafe.Add(ref destination, 12 * destinationStride));
        c13.StoreUnsafe(ref Unsafe.Add(ref destination, 13 * destinationStride));
        c14.StoreUnsafe(ref Unsafe.Add(ref destination, 14 * destinationStride));
        c15.StoreUnsafe(ref Unsafe.Add(ref destination, 15 * destinationStride));
    }

    public static void Rest(ref readonly float source, nint sourceStride, ref float destination, nint destinationStride, int rows, int columns)
        => TilePacking.Transpose256(in source, sourceStride, ref destination, destinationStride, rows, columns);

    /// <summary>Transposes the four 4 x 4 sub-blocks in the quarters of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V C0, V C1, V C2, V C3) Quarters(V a, V b, V c, V d)
    {
        // Pairs of floats move as doubles in the second round.
        VD ab01 = Avx512F.UnpackLow(a, b).AsDouble();
        VD ab23 = Avx512F.UnpackHigh(a, b).AsDouble();
        VD cd01 = Avx512F.UnpackLow(c, d).AsDouble();
        VD cd23 = Avx512F.UnpackHigh(c, d).AsDouble();
        return (
            Avx512F.UnpackLow(ab01, cd01).AsSingle(),
            Avx512F.UnpackHigh(ab01, cd01).AsSingle(),
            Avx512F.UnpackLow(ab23, cd23).AsSingle(),
            Avx512F.UnpackHigh(ab23, cd23).AsSingle());
    }

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
