using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

/// <content>Loads, and rows of floats.</content>
public static partial class StorageMath
{
    /// <summary>As many numbers as the result has lanes, as floats.</summary>
    /// <typeparam name="T"><see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="source">The first.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512<T>(ref readonly T source)
        where T : unmanaged =>
        Widened<T, Single512, Vector512<float>>(Lanes(Vector256.LoadUnsafe(ref Unsafe.As<T, ushort>(ref Unsafe.AsRef(in source)))));

    /// <inheritdoc cref="Load512{T}(ref readonly T)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256<T>(ref readonly T source)
        where T : unmanaged =>
        Widened<T, Single256, Vector256<float>>(Lanes(Vector128.LoadUnsafe(ref Unsafe.As<T, ushort>(ref Unsafe.AsRef(in source)))));

    /// <inheritdoc cref="Load512{T}(ref readonly T)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load128<T>(ref readonly T source)
        where T : unmanaged =>
        Widened<T, Single128, Vector128<float>>(Lanes(Unsafe.ReadUnaligned<ulong>(in Unsafe.As<T, byte>(ref Unsafe.AsRef(in source)))));

    /// <summary>One number as a float.</summary>
    /// <typeparam name="T"><see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="source">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load<T>(ref readonly T source)
        where T : unmanaged =>
        Widened<T, SingleScalar, float>(BitConverter.UInt32BitsToSingle(Unsafe.As<T, ushort>(ref Unsafe.AsRef(in source))));

    /// <summary>The first <paramref name="count"/> numbers as floats, the other lanes zero; nothing behind them is read.</summary>
    /// <typeparam name="T"><see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="source">The first.</param>
    /// <param name="count">1 to 16.</param>
    public static Vector512<float> Load512<T>(ref readonly T source, int count)
        where T : unmanaged =>
        Widened<T, Single512, Vector512<float>>(Lanes(Part(ref Unsafe.As<T, ushort>(ref Unsafe.AsRef(in source)), count)));

    /// <inheritdoc cref="Load512{T}(ref readonly T, int)"/>
    /// <param name="source">The first.</param>
    /// <param name="count">1 to 8.</param>
    public static Vector256<float> Load256<T>(ref readonly T source, int count)
        where T : unmanaged =>
        Widened<T, Single256, Vector256<float>>(Lanes(Part(ref Unsafe.As<T, ushort>(ref Unsafe.AsRef(in source)), count).GetLower()));

    /// <inheritdoc cref="Load512{T}(ref readonly T, int)"/>
    /// <param name="source">The first.</param>
    /// <param name="count">1 to 4.</param>
    public static Vector128<float> Load128<T>(ref readonly T source, int count)
        where T : unmanaged =>
        Widened<T, Single128, Vector128<float>>(Lanes(Part(ref Unsafe.As<T, ushort>(ref Unsafe.AsRef(in source)), count).AsUInt64().ToScalar()));

    /// <summary>Rounds a row of floats to the nearest numbers.</summary>
    /// <typeparam name="T"><see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="source">The floats.</param>
    /// <param name="destination">As many numbers, written.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Narrow<T>(ReadOnlySpan<float> source, Span<T> destination)
        where T : unmanaged => NarrowRow(ref MemoryMarshal.GetReference(source), ref MemoryMarshal.GetReference(destination[..source.Length]), source.Length);

    /// <summary>A row of numbers as floats.</summary>
    /// <typeparam name="T"><see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="source">The numbers.</param>
    /// <param name="destination">As many floats, written.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Widen<T>(ReadOnlySpan<T> source, Span<float> destination)
        where T : unmanaged
    {
        ref T from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(destination[..source.Length]);
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + Vector512<float>.Count <= source.Length; i += Vector512<float>.Count)
                Load512(in Unsafe.Add(ref from, i)).StoreUnsafe(ref to, (nuint)i);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            for (; i + Vector256<float>.Count <= source.Length; i += Vector256<float>.Count)
                Load256(in Unsafe.Add(ref from, i)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < source.Length; i++)
            Unsafe.Add(ref to, i) = Load(in Unsafe.Add(ref from, i));
    }

    // Which format is a constant to the JIT.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Widened<T, TLanes, TVector>(TVector bits)
        where T : unmanaged
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged =>
        typeof(T) == typeof(Half) ? HalfStorage.Widen<TLanes, TVector>(bits) : BFloat16Storage.Widen<TLanes, TVector>(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Narrowed<T, TLanes, TVector>(TVector value)
        where T : unmanaged
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged =>
        typeof(T) == typeof(Half) ? HalfStorage.Narrow<TLanes, TVector>(value) : BFloat16Storage.Narrow<TLanes, TVector>(value);
}
