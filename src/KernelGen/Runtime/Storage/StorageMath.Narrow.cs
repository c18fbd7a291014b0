using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

/// <content>Rounding.</content>
public static partial class StorageMath
{
    /// <summary>Rounds rows of floats. A row of numbers may begin where its floats do: none is written before what lies there is read.</summary>
    /// <typeparam name="T"><see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="source">First row of floats.</param>
    /// <param name="sourceStride">Floats from a row to the next.</param>
    /// <param name="destination">First row of numbers, written.</param>
    /// <param name="destinationStride">Numbers from a row to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Numbers of a row.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void NarrowRows<T>(ref float source, nint sourceStride, ref T destination, nint destinationStride, int rows, int columns)
        where T : unmanaged
    {
        for (int r = 0; r < rows; r++)
            NarrowRow(ref Unsafe.Add(ref source, r * sourceStride), ref Unsafe.Add(ref destination, r * destinationStride), columns);
    }

    // By the widest vectors alone, and what is left out of line: loops of every width side by side do not find registers for their constants.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NarrowRow<T>(ref float source, ref T destination, int length)
        where T : unmanaged
    {
        ref ushort to = ref Unsafe.As<T, ushort>(ref destination);
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + Vector512<float>.Count <= length; i += Vector512<float>.Count)
                Pack(Narrowed<T, Single512, Vector512<float>>(Vector512.LoadUnsafe(ref source, (nuint)i))).StoreUnsafe(ref to, (nuint)i);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i + Vector256<float>.Count <= length; i += Vector256<float>.Count)
                Pack(Narrowed<T, Single256, Vector256<float>>(Vector256.LoadUnsafe(ref source, (nuint)i))).StoreUnsafe(ref to, (nuint)i);
        }

        if (i < length)
            NarrowTail(ref Unsafe.Add(ref source, i), ref Unsafe.Add(ref destination, i), length - i);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void NarrowTail<T>(ref float source, ref T destination, int length)
        where T : unmanaged
    {
        ref ushort to = ref Unsafe.As<T, ushort>(ref destination);
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i + Vector128<float>.Count <= length; i += Vector128<float>.Count)
                Unsafe.WriteUnaligned(ref Unsafe.As<ushort, byte>(ref Unsafe.Add(ref to, i)), Pack(Narrowed<T, Single128, Vector128<float>>(Vector128.LoadUnsafe(ref source, (nuint)i))));
        }

        for (; i < length; i++)
            Unsafe.Add(ref to, i) = (ushort)BitConverter.SingleToUInt32Bits(Narrowed<T, SingleScalar, float>(Unsafe.Add(ref source, i)));
    }
}
