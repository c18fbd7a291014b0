using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Runtime;

/// <summary>4 x 4 doubles in AVX registers: one round inside the 128-bit halves, one between them, 8 shuffles.</summary>
internal readonly struct Block4x4Double : ITransposeBlock<double>
{
    public static int Size => 4;

    public static bool IsSupported => Avx.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref readonly double source, nint sourceStride, ref double destination, nint destinationStride)
    {
        ref double from = ref Unsafe.AsRef(in source);
        Vector256<double> r0 = Vector256.LoadUnsafe(in from);
        Vector256<double> r1 = Vector256.LoadUnsafe(in Unsafe.Add(ref from, sourceStride));
        Vector256<double> r2 = Vector256.LoadUnsafe(in Unsafe.Add(ref from, 2 * sourceStride));
        Vector256<double> r3 = Vector256.LoadUnsafe(in Unsafe.Add(ref from, 3 * sourceStride));

        Vector256<double> ab02 = Avx.UnpackLow(r0, r1);
        Vector256<double> ab13 = Avx.UnpackHigh(r0, r1);
        Vector256<double> cd02 = Avx.UnpackLow(r2, r3);
        Vector256<double> cd13 = Avx.UnpackHigh(r2, r3);

        Avx.Permute2x128(ab02, cd02, 0x20).StoreUnsafe(ref destination);
        Avx.Permute2x128(ab13, cd13, 0x20).StoreUnsafe(ref Unsafe.Add(ref destination, destinationStride));
        Avx.Permute2x128(ab02, cd02, 0x31).StoreUnsafe(ref Unsafe.Add(ref destination, 2 * destinationStride));
        Avx.Permute2x128(ab13, cd13, 0x31).StoreUnsafe(ref Unsafe.Add(ref destination, 3 * destinationStride));
    }

    public static void Rest(ref readonly double source, nint sourceStride, ref double destination, nint destinationStride, int rows, int columns)
        => TilePacking.Transpose128(in source, sourceStride, ref destination, destinationStride, rows, columns);
}
