using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Sums, products and what is made of them.</summary>
internal sealed partial class PtxDecoder
{
    private void DecodeBinary()
    {
        _step.D = Destination(0);
        _step.A = Source(1);
        _step.B = Source(2);
        if (Take("wide"))
        {
            _step.Run = Type switch
            {
                PtxType.U32 => Wide<WideUInt32>(),
                PtxType.S32 => Wide<WideInt32>(),
                PtxType.U16 => Wide<WideUInt16>(),
                PtxType.S16 => Wide<WideInt16>(),
                _ => throw Unsupported("no wide product of this type"),
            };
            return;
        }

        _step.Run = Type switch
        {
            PtxType.U16 => IntegerBinary<ushort>(),
            PtxType.S16 => IntegerBinary<short>(),
            PtxType.U32 => IntegerBinary<uint>(),
            PtxType.S32 => IntegerBinary<int>(),
            PtxType.U64 => IntegerBinary<ulong>(),
            PtxType.S64 => IntegerBinary<long>(),
            PtxType.F16 => FloatBinary<Half>(),
            PtxType.F32 => FloatBinary<float>(),
            PtxType.F64 => FloatBinary<double>(),
            _ => throw Unsupported("no arithmetic of this type"),
        };
    }

    private static LaneOperation Wide<TProduct>()
        where TProduct : struct, IBinary<ulong> => LaneLoops.Binary<ulong, TProduct, Plain<ulong>>;

    private LaneOperation IntegerBinary<T>()
        where T : unmanaged, IBinaryInteger<T>
    {
        switch (instruction.Opcode)
        {
            case PtxOpcode.Add:
                return LaneLoops.Binary<T, Add<T>, Plain<T>>;
            case PtxOpcode.Sub:
                return LaneLoops.Binary<T, Subtract<T>, Plain<T>>;
            case PtxOpcode.Mul when Take("hi"):
                return LaneLoops.Binary<T, MultiplyHigh<T>, Plain<T>>;
            case PtxOpcode.Mul:
                Take("lo");
                return LaneLoops.Binary<T, Multiply<T>, Plain<T>>;
            case PtxOpcode.Div:
                return LaneLoops.Binary<T, Divide<T>, Plain<T>>;
            case PtxOpcode.Rem:
                return LaneLoops.Binary<T, Remainder<T>, Plain<T>>;
            case PtxOpcode.Min:
                return LaneLoops.Binary<T, Minimum<T>, Plain<T>>;
            case PtxOpcode.Max:
                return LaneLoops.Binary<T, Maximum<T>, Plain<T>>;
            default:
                throw Unsupported("no such operation on integers");
        }
    }

    // ILGPU writes a * b + c as mul and add without a rounding, which ptxas may fuse (PtxOptions.FuseMultiplyAdd); with .rn it may not.
    private LaneOperation FloatBinary<T>()
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (instruction.Opcode == PtxOpcode.Div && (Take("approx") | Take("full")))
            return ApproximateQuotient();
        Take("rn");
        switch (instruction.Opcode)
        {
            case PtxOpcode.Add:
                return Binary<T, Add<T>>();
            case PtxOpcode.Sub:
                return Binary<T, Subtract<T>>();
            case PtxOpcode.Mul:
                return Binary<T, Multiply<T>>();
            case PtxOpcode.Div:
                return Binary<T, FloatDivide<T>>();
            case PtxOpcode.Min:
                return Take("NaN") ? Binary<T, MinimumOrNaN<T>>() : Binary<T, Minimum<T>>();
            case PtxOpcode.Max:
                return Take("NaN") ? Binary<T, MaximumOrNaN<T>>() : Binary<T, Maximum<T>>();
            case PtxOpcode.Copysign:
                return Binary<T, CopySign<T>>();
            default:
                throw Unsupported("no such operation on floating point");
        }
    }

    private void DecodeTernary()
    {
        _step.D = Destination(0);
        _step.A = Source(1);
        _step.B = Source(2);
        _step.C = Source(3);
        if (Take("wide"))
        {
            _step.Run = Type switch
            {
                PtxType.U32 => WideSum<WideUInt32>(),
                PtxType.S32 => WideSum<WideInt32>(),
                PtxType.U16 => WideSum<WideUInt16>(),
                PtxType.S16 => WideSum<WideInt16>(),
                _ => throw Unsupported("no wide product of this type"),
            };
            return;
        }

        _step.Run = Type switch
        {
            PtxType.U16 => IntegerTernary<ushort>(),
            PtxType.S16 => IntegerTernary<short>(),
            PtxType.U32 => IntegerTernary<uint>(),
            PtxType.S32 => IntegerTernary<int>(),
            PtxType.U64 => IntegerTernary<ulong>(),
            PtxType.S64 => IntegerTernary<long>(),
            PtxType.F16 => FloatTernary<Half>(),
            PtxType.F32 => FloatTernary<float>(),
            PtxType.F64 => FloatTernary<double>(),
            _ => throw Unsupported("no arithmetic of this type"),
        };
    }

    private static LaneOperation WideSum<TProduct>()
        where TProduct : struct, IBinary<ulong> => LaneLoops.Ternary<ulong, WideAdd<TProduct>, Plain<ulong>>;

    private LaneOperation IntegerTernary<T>()
        where T : unmanaged, IBinaryInteger<T>
    {
        if (Take("hi"))
            return LaneLoops.Ternary<T, MultiplyHighAdd<T>, Plain<T>>;
        Take("lo");
        return LaneLoops.Ternary<T, MultiplyAdd<T>, Plain<T>>;
    }

    private LaneOperation FloatTernary<T>()
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Take("rn");

        // The two that PtxContraction makes.
        return Take("sub") ? Ternary<T, FusedMultiplySubtract<T>>()
            : Take("neg") ? Ternary<T, FusedNegatedMultiplyAdd<T>>()
            : Ternary<T, FusedMultiplyAdd<T>>();
    }

    private LaneOperation Ternary<T, TOperation>()
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOperation : struct, ITernary<T> => (Take("ftz"), Take("sat")) switch
        {
            (false, false) => LaneLoops.Ternary<T, TOperation, Plain<T>>,
            (true, false) => LaneLoops.Ternary<T, TOperation, FlushToZero<T>>,
            (false, true) => LaneLoops.Ternary<T, TOperation, Saturate<T>>,
            (true, true) => LaneLoops.Ternary<T, TOperation, FlushAndSaturate<T>>,
        };

    private LaneOperation Binary<T, TOperation>()
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOperation : struct, IBinary<T> => (Take("ftz"), Take("sat")) switch
        {
            (false, false) => LaneLoops.Binary<T, TOperation, Plain<T>>,
            (true, false) => LaneLoops.Binary<T, TOperation, FlushToZero<T>>,
            (false, true) => LaneLoops.Binary<T, TOperation, Saturate<T>>,
            (true, true) => LaneLoops.Binary<T, TOperation, FlushAndSaturate<T>>,
        };
}
