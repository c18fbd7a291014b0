using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

/// <summary>2 x 2 doubles in 128-bit registers: 2 shuffles.</summary>
internal readonly struct Block2x2Double : ITransposeBlock<double>
{
    public static int Size => 2;

    public static bool IsSupported => Interleave.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref readonly double source, nint sourceStride, ref double destination, nint destinationStride)
    {
        ref double from = ref Unsafe.AsRef(in source);
        Vector128<double> r0 = Vector128.LoadUnsafe(in from);
        Vector128<double> r1 = Vector128.LoadUnsafe(in Unsafe.Add(ref from, sourceStride));

        Interleave.Low(r0, r1).StoreUnsafe(ref destination);
        Interleave.High(r0, r1).StoreUnsafe(ref Unsafe.Add(ref destination, destinationStride));
    }

    public static void Rest(ref readonly double source, nint sourceStride, ref double destination, nint destinationStride, int rows, int columns)
        => TilePacking.TransposeScalar(in source, sourceStride, ref destination, destinationStride, rows, columns);
}
