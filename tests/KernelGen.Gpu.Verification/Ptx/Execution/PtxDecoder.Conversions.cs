using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>cvt.</summary>
internal sealed partial class PtxDecoder
{
    private void DecodeConversion()
    {
        if (instruction.Types.Count != 2)
            throw Unsupported("two types are needed");
        (PtxType to, PtxType from) = (instruction.Types[0], instruction.Types[1]);
        _step.D = Destination(0);
        _step.A = Source(1);
        if (DecodeNarrowConversion(to, from))
            return;
        _step.Run = from switch
        {
            PtxType.U8 => FromInteger<byte>(to),
            PtxType.S8 => FromInteger<sbyte>(to),
            PtxType.U16 => FromInteger<ushort>(to),
            PtxType.S16 => FromInteger<short>(to),
            PtxType.U32 => FromInteger<uint>(to),
            PtxType.S32 => FromInteger<int>(to),
            PtxType.U64 => FromInteger<ulong>(to),
            PtxType.S64 => FromInteger<long>(to),
            PtxType.F16 => FromFloat<Half>(to),
            PtxType.F32 => FromFloat<float>(to),
            PtxType.F64 => FromFloat<double>(to),
            _ => throw Unsupported("no such conversion"),
        };
    }

    private LaneOperation FromInteger<T>(PtxType to)
        where T : unmanaged, IBinaryInteger<T> => to switch
        {
            PtxType.U8 => IntegerToInteger<T, byte>(),
            PtxType.S8 => IntegerToInteger<T, sbyte>(),
            PtxType.U16 => IntegerToInteger<T, ushort>(),
            PtxType.S16 => IntegerToInteger<T, short>(),
            PtxType.U32 => IntegerToInteger<T, uint>(),
            PtxType.S32 => IntegerToInteger<T, int>(),
            PtxType.U64 => IntegerToInteger<T, ulong>(),
            PtxType.S64 => IntegerToInteger<T, long>(),
            PtxType.F16 => ToFloat<T, Half>(),
            PtxType.F32 => ToFloat<T, float>(),
            PtxType.F64 => ToFloat<T, double>(),
            _ => throw Unsupported("no such conversion"),
        };

    private LaneOperation FromFloat<T>(PtxType to)
        where T : unmanaged, IFloatingPointIeee754<T> => to switch
        {
            PtxType.U8 => FloatToInteger<T, byte>(),
            PtxType.S8 => FloatToInteger<T, sbyte>(),
            PtxType.U16 => FloatToInteger<T, ushort>(),
            PtxType.S16 => FloatToInteger<T, short>(),
            PtxType.U32 => FloatToInteger<T, uint>(),
            PtxType.S32 => FloatToInteger<T, int>(),
            PtxType.U64 => FloatToInteger<T, ulong>(),
            PtxType.S64 => FloatToInteger<T, long>(),
            PtxType.F16 => FloatToFloat<T, Half>(),
            PtxType.F32 => FloatToFloat<T, float>(),
            PtxType.F64 => FloatToFloat<T, double>(),
            _ => throw Unsupported("no such conversion"),
        };

    private LaneOperation IntegerToInteger<TFrom, TTo>()
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo> => Take("sat")
            ? LaneLoops.Convert<TFrom, TTo, Saturating<TFrom, TTo>>
            : LaneLoops.Convert<TFrom, TTo, Truncating<TFrom, TTo>>;

    private LaneOperation ToFloat<TFrom, TTo>()
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, IFloatingPointIeee754<TTo>
    {
        if (Take("rz"))
            return LaneLoops.Convert<TFrom, TTo, Directed<TFrom, TTo, ToZero>>;
        if (Take("rm"))
            return LaneLoops.Convert<TFrom, TTo, Directed<TFrom, TTo, Down>>;
        if (Take("rp"))
            return LaneLoops.Convert<TFrom, TTo, Directed<TFrom, TTo, Up>>;
        Take("rn");
        return LaneLoops.Convert<TFrom, TTo, Truncating<TFrom, TTo>>;
    }

    private LaneOperation FloatToFloat<TFrom, TTo>()
        where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IFloatingPointIeee754<TTo>
    {
        if (typeof(TFrom) == typeof(TTo))
        {
            if (Take("rni"))
                return LaneLoops.Convert<TFrom, TFrom, RoundToWhole<TFrom, ToNearest>>;
            if (Take("rzi"))
                return LaneLoops.Convert<TFrom, TFrom, RoundToWhole<TFrom, ToZero>>;
            if (Take("rmi"))
                return LaneLoops.Convert<TFrom, TFrom, RoundToWhole<TFrom, Down>>;
            if (Take("rpi"))
                return LaneLoops.Convert<TFrom, TFrom, RoundToWhole<TFrom, Up>>;
        }

        // .ftz is about f32 alone; f16 and f64 keep their subnormals.
        bool isFlushed = Take("ftz");
        bool isSaturated = Take("sat");
        if (!isFlushed && !isSaturated)
            return ToFloat<TFrom, TTo>();
        Take("rn");
        bool isInFlushed = isFlushed && typeof(TFrom) == typeof(float);
        bool isOutFlushed = isFlushed && typeof(TTo) == typeof(float);
        return (isInFlushed, isOutFlushed, isSaturated) switch
        {
            (true, _, false) => LaneLoops.Convert<TFrom, TTo, Modified<TFrom, TTo, Truncating<TFrom, TTo>, FlushToZero<TFrom>, Plain<TTo>>>,
            (true, _, true) => LaneLoops.Convert<TFrom, TTo, Modified<TFrom, TTo, Truncating<TFrom, TTo>, FlushToZero<TFrom>, Saturate<TTo>>>,
            (false, true, false) => LaneLoops.Convert<TFrom, TTo, Modified<TFrom, TTo, Truncating<TFrom, TTo>, Plain<TFrom>, FlushToZero<TTo>>>,
            (false, true, true) => LaneLoops.Convert<TFrom, TTo, Modified<TFrom, TTo, Truncating<TFrom, TTo>, Plain<TFrom>, FlushAndSaturate<TTo>>>,
            (false, false, _) => LaneLoops.Convert<TFrom, TTo, Modified<TFrom, TTo, Truncating<TFrom, TTo>, Plain<TFrom>, Saturate<TTo>>>,
        };
    }

    private LaneOperation FloatToInteger<TFrom, TTo>()
        where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        // A subnormal rounds up to 1 with .rpi, which .ftz would hide; ILGPU asks for neither.
        Take("sat");
        if (Take("ftz") && instruction.Modifiers.Contains("rpi"))
            throw Unsupported("'.ftz.rpi' to an integer");
        return Take("rni") ? LaneLoops.Convert<TFrom, TTo, FloatToInteger<TFrom, TTo, ToNearest>>
            : Take("rmi") ? LaneLoops.Convert<TFrom, TTo, FloatToInteger<TFrom, TTo, Down>>
            : Take("rpi") ? LaneLoops.Convert<TFrom, TTo, FloatToInteger<TFrom, TTo, Up>>
            : Take("rzi") ? LaneLoops.Convert<TFrom, TTo, FloatToInteger<TFrom, TTo, ToZero>>
            : throw Unsupported("a rounding is needed");
    }

    // bf16, tf32 and pairs; of two operands the first is the upper half.
    private bool DecodeNarrowConversion(PtxType to, PtxType from)
    {
        if (from is not (PtxType.Bf16 or PtxType.F32) || (from == PtxType.F32 && to is not (PtxType.Bf16 or PtxType.Bf16x2 or PtxType.F16x2 or PtxType.Tf32)))
            return false;
        if (!Take(to == PtxType.Tf32 ? "rna" : "rn") && to != PtxType.F32)
            throw Unsupported("no such rounding");
        bool isPair = to is PtxType.Bf16x2 or PtxType.F16x2;
        if (isPair)
            _step.B = Source(2);
        Func<float, uint> narrow = to switch
        {
            PtxType.Tf32 => NarrowFormats.ToTf32,
            PtxType.F16x2 => x => NarrowFormats.ToF16(x),
            _ => x => NarrowFormats.ToBf16(x),
        };
        bool isWidening = from == PtxType.Bf16;
        if (isWidening && to != PtxType.F32)
            throw Unsupported("no such conversion");
        _step.Run = (s, w, active) =>
        {
            for (uint rest = active; rest != 0; rest &= rest - 1)
            {
                int lane = BitOperations.TrailingZeroCount(rest);
                float first = LaneLoops.Get<float>(ref w.Registers[s.A], lane);
                w.Registers[s.D + lane] = isWidening ? (uint)(ushort)w.Registers[s.A + lane] << 16
                    : isPair ? narrow(first) << 16 | narrow(LaneLoops.Get<float>(ref w.Registers[s.B], lane))
                    : narrow(first);
            }
        };
        return true;
    }
}
