using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Gpu.Verification.Ptx;

internal interface IUnary<T>
{
    static abstract T Apply(T x);
}

internal interface IBinary<T>
{
    static abstract T Apply(T x, T y);
}

internal interface ITernary<T>
{
    static abstract T Apply(T x, T y, T z);
}

internal interface IComparison<T>
{
    static abstract bool Apply(T x, T y);
}

internal interface IConversion<TFrom, TTo>
{
    static abstract TTo Apply(TFrom x);
}

/// <summary>What modifiers do to operands and results.</summary>
internal interface IMode<T>
{
    static abstract T In(T x);

    static abstract T Out(T x);
}

/// <summary>
/// One operation in every active thread. Registers are 64 bits each, whose low bits are the value and whose others nobody reads, so that a value of
/// type T is the first bytes of its register on the little-endian machines that .NET runs on.
/// </summary>
internal static class LaneLoops
{
    public static void Unary<T, TOperation, TMode>(PtxStep s, PtxWarp w, uint active)
        where T : unmanaged
        where TOperation : struct, IUnary<T>
        where TMode : struct, IMode<T>
    {
        ref ulong d = ref w.Registers[s.D];
        ref ulong a = ref w.Registers[s.A];
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            Put(ref d, lane, TMode.Out(TOperation.Apply(TMode.In(Get<T>(ref a, lane)))));
        }
    }

    public static void Binary<T, TOperation, TMode>(PtxStep s, PtxWarp w, uint active)
        where T : unmanaged
        where TOperation : struct, IBinary<T>
        where TMode : struct, IMode<T>
    {
        ref ulong d = ref w.Registers[s.D];
        ref ulong a = ref w.Registers[s.A];
        ref ulong b = ref w.Registers[s.B];
        if (active == uint.MaxValue)
        {
            for (int lane = 0; lane < PtxWarp.Size; lane++)
                Put(ref d, lane, TMode.Out(TOperation.Apply(TMode.In(Get<T>(ref a, lane)), TMode.In(Get<T>(ref b, lane)))));
            return;
        }

        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            Put(ref d, lane, TMode.Out(TOperation.Apply(TMode.In(Get<T>(ref a, lane)), TMode.In(Get<T>(ref b, lane)))));
        }
    }

    public static void Ternary<T, TOperation, TMode>(PtxStep s, PtxWarp w, uint active)
        where T : unmanaged
        where TOperation : struct, ITernary<T>
        where TMode : struct, IMode<T>
    {
        ref ulong d = ref w.Registers[s.D];
        ref ulong a = ref w.Registers[s.A];
        ref ulong b = ref w.Registers[s.B];
        ref ulong c = ref w.Registers[s.C];
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            Put(ref d, lane, TMode.Out(TOperation.Apply(
                TMode.In(Get<T>(ref a, lane)), TMode.In(Get<T>(ref b, lane)), TMode.In(Get<T>(ref c, lane)))));
        }
    }

    public static void Convert<TFrom, TTo, TConversion>(PtxStep s, PtxWarp w, uint active)
        where TFrom : unmanaged
        where TTo : unmanaged
        where TConversion : struct, IConversion<TFrom, TTo>
    {
        ref ulong d = ref w.Registers[s.D];
        ref ulong a = ref w.Registers[s.A];
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            Put(ref d, lane, TConversion.Apply(Get<TFrom>(ref a, lane)));
        }
    }

    /// <summary>Comparisons as a bit a thread.</summary>
    public static uint Compare<T, TComparison>(PtxStep s, PtxWarp w, uint active)
        where T : unmanaged
        where TComparison : struct, IComparison<T>
    {
        ref ulong a = ref w.Registers[s.A];
        ref ulong b = ref w.Registers[s.B];
        uint result = 0;
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            if (TComparison.Apply(Get<T>(ref a, lane), Get<T>(ref b, lane)))
                result |= 1u << lane;
        }

        return result;
    }

    /// <summary>Copies a register.</summary>
    public static void Move(PtxStep s, PtxWarp w, uint active)
    {
        if (active == uint.MaxValue)
        {
            w.Registers.AsSpan(s.A, PtxWarp.Size).CopyTo(w.Registers.AsSpan(s.D, PtxWarp.Size));
            return;
        }

        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            w.Registers[s.D + lane] = w.Registers[s.A + lane];
        }
    }

    /// <summary>A register or another, by a predicate.</summary>
    public static void Select(PtxStep s, PtxWarp w, uint active)
    {
        uint chosen = s.IsRNegated ? ~w.Predicates[s.R] : w.Predicates[s.R];
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            w.Registers[s.D + lane] = w.Registers[((chosen >> lane & 1) != 0 ? s.A : s.B) + lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Get<T>(ref ulong register, int lane)
        where T : unmanaged => Unsafe.As<ulong, T>(ref Unsafe.Add(ref register, lane));

    /// <summary>Writes a value; signed integers fill the register with their sign, as PTX says of narrow results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<T>(ref ulong register, int lane, T value)
        where T : unmanaged
    {
        ulong bits = 0;
        if (typeof(T) == typeof(sbyte))
            bits = (ulong)Unsafe.As<T, sbyte>(ref value);
        else if (typeof(T) == typeof(short))
            bits = (ulong)Unsafe.As<T, short>(ref value);
        else
            Unsafe.As<ulong, T>(ref bits) = value;
        Unsafe.Add(ref register, lane) = bits;
    }
}
