using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Runtime;

/// <summary>
/// Rows of 16-bit numbers as floats, for kernels whose tensors are stored so and whose arithmetic is float's: loads widen exactly, stores
/// round once, to the nearest.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class StorageMath
{
    /// <summary>Sixteen lanes, each zero above its 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Lanes(Vector256<ushort> bits)
    {
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector512UInt32(bits).AsSingle();
        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(bits);
        return Vector512.Create(low, high).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Lanes(Vector128<ushort> bits)
    {
        if (Avx2.IsSupported)
            return Avx2.ConvertToVector256Int32(bits).AsSingle();
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(bits);
        return Vector256.Create(low, high).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Lanes(ulong bits) => Vector128.WidenLower(Vector128.CreateScalar(bits).AsUInt16()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Pack(Vector512<float> lanes)
    {
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector256UInt16(lanes.AsUInt32());
        return Vector256.Narrow(lanes.GetLower().AsUInt32(), lanes.GetUpper().AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Pack(Vector256<float> lanes) => Vector128.Narrow(lanes.GetLower().AsUInt32(), lanes.GetUpper().AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Pack(Vector128<float> lanes) => Vector128.Narrow(lanes.AsUInt32(), Vector128<uint>.Zero).AsUInt64().ToScalar();

    /// <summary>The first numbers of a row as bits, the rest zero: nothing behind them is read.</summary>
    private static Vector256<ushort> Part(ref readonly ushort source, int count)
    {
        Vector256<ushort> bits = default;
        MemoryMarshal.CreateReadOnlySpan(in source, count).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Vector256<ushort>, ushort>(ref bits), count));
        return bits;
    }
}
