using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector256<float>;
using VD = System.Runtime.Intrinsics.Vector256<double>;

namespace KernelGen.Runtime;

/// <summary>8 x 8 floats in AVX registers: two rounds inside the 128-bit halves, one between them, 24 shuffles.</summary>
internal readonly struct Block8x8 : ITransposeBlock<float>
{
    public static int Size => 8;

    public static bool IsSupported => Avx.IsSupported;

    // Too large to be inlined, and called from kernels that never pass through a slower tier: so neither may this.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(ref readonly float source, nint sourceStride, ref float destination, nint destinationStride)
    {
        ref float from = ref Unsafe.AsRef(in source);
        V r0 = Vector256.LoadUnsafe(in from);
        V r1 = Vector256.LoadUnsafe(in Unsafe.Add(ref from, sourceStride));
        V r2 = Vector256.LoadUnsafe(in Unsafe.Add(ref from, 2 * sourceStride));
        V r3 = Vector256.LoadUnsafe(in Unsafe.Add(ref from, 3 * sourceStride));
        V r4 = Vector256.LoadUnsafe(in Unsafe.Add(ref from, 4 * sourceStride));
        V r5 = Vector256.LoadUnsafe(in Unsafe.Add(ref from, 5 * sourceStride));
        V r6 = Vector256.LoadUnsafe(in Unsafe.Add(ref from, 6 * sourceStride));
        V r7 = Vector256.LoadUnsafe(in Unsafe.Add(ref from, 7 * sourceStride));

        // Half h of p(4 g + m) holds column 4 h + m of rows 4 g to 4 g + 3.
        (V p0, V p1, V p2, V p3) = Halves(r0, r1, r2, r3);
        (V p4, V p5, V p6, V p7) = Halves(r4, r5, r6, r7);

        Avx.Permute2x128(p0, p4, 0x20).StoreUnsafe(ref destination);
        Avx.Permute2x128(p1, p5, 0x20).StoreUnsafe(ref Unsafe.Add(ref destination, destinationStride));
        Avx.Permute2x128(p2, p6, 0x20).StoreUnsafe(ref Unsafe.Add(ref destination, 2 * destinationStride));
        Avx.Permute2x128(p3, p7, 0x20).StoreUnsafe(ref Unsafe.Add(ref destination, 3 * destinationStride));
        Avx.Permute2x128(p0, p4, 0x31).StoreUnsafe(ref Unsafe.Add(ref destination, 4 * destinationStride));
        Avx.Permute2x128(p1, p5, 0x31).StoreUnsafe(ref Unsafe.Add(ref destination, 5 * destinationStride));
        Avx.Permute2x128(p2, p6, 0x31).StoreUnsafe(ref Unsafe.Add(ref destination, 6 * destinationStride));
        Avx.Permute2x128(p3, p7, 0x31).StoreUnsafe(ref Unsafe.Add(ref destination, 7 * destinationStride));
    }

    public static void Rest(ref readonly float source, nint sourceStride, ref float destination, nint destinationStride, int rows, int columns)
        => TilePacking.Transpose128(in source, sourceStride, ref destination, destinationStride, rows, columns);

    /// <summary>Transposes the two 4 x 4 sub-blocks in the halves of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V C0, V C1, V C2, V C3) Halves(V a, V b, V c, V d)
    {
        // Pairs of floats move as doubles in the second round.
        VD ab01 = Avx.UnpackLow(a, b).AsDouble();
        VD ab23 = Avx.UnpackHigh(a, b).AsDouble();
        VD cd01 = Avx.UnpackLow(c, d).AsDouble();
        VD cd23 = Avx.UnpackHigh(c, d).AsDouble();
        return (
            Avx.UnpackLow(ab01, cd01).AsSingle(),
            Avx.UnpackHigh(ab01, cd01).AsSingle(),
            Avx.UnpackLow(ab23, cd23).AsSingle(),
            Avx.UnpackHigh(ab23, cd23).AsSingle());
    }
}
