using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

/// <summary>4 x 4 floats in 128-bit registers: 8 shuffles.</summary>
internal readonly struct Block4x4 : ITransposeBlock<float>
{
    public static int Size => 4;

    public static bool IsSupported => Interleave.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref readonly float source, nint sourceStride, ref float destination, nint destinationStride)
    {
        ref float from = ref Unsafe.AsRef(in source);
        Vector128<float> r0 = Vector128.LoadUnsafe(in from);
        Vector128<float> r1 = Vector128.LoadUnsafe(in Unsafe.Add(ref from, sourceStride));
        Vector128<float> r2 = Vector128.LoadUnsafe(in Unsafe.Add(ref from, 2 * sourceStride));
        Vector128<float> r3 = Vector128.LoadUnsafe(in Unsafe.Add(ref from, 3 * sourceStride));

        // Pairs of floats move as doubles in the second round.
        Vector128<double> ab01 = Interleave.Low(r0, r1).AsDouble();
        Vector128<double> ab23 = Interleave.High(r0, r1).AsDouble();
        Vector128<double> cd01 = Interleave.Low(r2, r3).AsDouble();
        Vector128<double> cd23 = Interleave.High(r2, r3).AsDouble();

        Interleave.Low(ab01, cd01).AsSingle().StoreUnsafe(ref destination);
        Interleave.High(ab01, cd01).AsSingle().StoreUnsafe(ref Unsafe.Add(ref destination, destinationStride));
        Interleave.Low(ab23, cd23).AsSingle().StoreUnsafe(ref Unsafe.Add(ref destination, 2 * destinationStride));
        Interleave.High(ab23, cd23).AsSingle().StoreUnsafe(ref Unsafe.Add(ref destination, 3 * destinationStride));
    }

    public static void Rest(ref readonly float source, nint sourceStride, ref float destination, nint destinationStride, int rows, int columns)
        => TilePacking.TransposeScalar(in source, sourceStride, ref destination, destinationStride, rows, columns);
}
