using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

internal delegate uint LaneComparison(PtxStep step, PtxWarp warp, uint active);

/// <summary>setp and testp.</summary>
internal sealed partial class PtxDecoder
{
    private void DecodeComparison()
    {
        (PtxOperand first, PtxOperand second) = Operand(0) is PtxPair pair ? (pair.First, pair.Second) : (Operand(0), new PtxSink());
        _step.P = DestinationPredicate(first);
        _step.Q = DestinationPredicate(second);
        bool isTest = instruction.Opcode == PtxOpcode.Testp;
        _step.A = Source(1);
        _step.B = isTest ? _step.A : Source(2);
        string name = TakeFirst("the comparison");
        LaneComparison compare = Type switch
        {
            PtxType.B16 or PtxType.U16 => Comparison<ushort>(name),
            PtxType.S16 => Comparison<short>(name),
            PtxType.B32 or PtxType.U32 => Comparison<uint>(name),
            PtxType.S32 => Comparison<int>(name),
            PtxType.B64 or PtxType.U64 => Comparison<ulong>(name),
            PtxType.S64 => Comparison<long>(name),
            PtxType.F16 => FloatComparison<Half>(name),
            PtxType.F32 => FloatComparison<float>(name),
            PtxType.F64 => FloatComparison<double>(name),
            _ => throw Unsupported("no comparison of this type"),
        };
        Func<uint, uint, uint> combine = (value, _) => value;
        if (!isTest && instruction.Operands.Count > 3)
        {
            combine = Take("and") ? (value, other) => value & other
                : Take("or") ? (value, other) => value | other
                : Take("xor") ? (value, other) => value ^ other
                : throw Unsupported("the combination is missing");
            (_step.R, _step.IsRNegated) = SourcePredicate(Operand(3));
        }

        _step.Run = (s, w, active) =>
        {
            uint value = compare(s, w, active);
            uint other = s.R < 0 ? 0 : s.IsRNegated ? ~w.Predicates[s.R] : w.Predicates[s.R];
            PredicateOperations.Set(w, s.P, active, combine(value, other));
            PredicateOperations.Set(w, s.Q, active, combine(~value, other));
        };
    }

    private LaneComparison FloatComparison<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!Take("ftz"))
            return Comparison<T>(name);
        return name switch
        {
            "eq" => LaneLoops.Compare<T, Flushed<T, Equal<T>>>,
            "ne" => LaneLoops.Compare<T, Flushed<T, NotEqual<T>>>,
            "lt" => LaneLoops.Compare<T, Flushed<T, Less<T>>>,
            "le" => LaneLoops.Compare<T, Flushed<T, LessOrEqual<T>>>,
            "gt" => LaneLoops.Compare<T, Flushed<T, Greater<T>>>,
            "ge" => LaneLoops.Compare<T, Flushed<T, GreaterOrEqual<T>>>,
            "equ" => LaneLoops.Compare<T, Opposite<T, Flushed<T, NotEqual<T>>>>,
            "neu" => LaneLoops.Compare<T, Opposite<T, Flushed<T, Equal<T>>>>,
            "ltu" => LaneLoops.Compare<T, Opposite<T, Flushed<T, GreaterOrEqual<T>>>>,
            "leu" => LaneLoops.Compare<T, Opposite<T, Flushed<T, Greater<T>>>>,
            "gtu" => LaneLoops.Compare<T, Opposite<T, Flushed<T, LessOrEqual<T>>>>,
            "geu" => LaneLoops.Compare<T, Opposite<T, Flushed<T, Less<T>>>>,
            _ => throw Unsupported($"unknown comparison '{name}'"),
        };
    }

    private LaneComparison Comparison<T>(string name)
        where T : unmanaged, INumber<T> => name switch
        {
            "eq" => LaneLoops.Compare<T, Equal<T>>,
            "ne" => LaneLoops.Compare<T, NotEqual<T>>,
            "lt" or "lo" => LaneLoops.Compare<T, Less<T>>,
            "le" or "ls" => LaneLoops.Compare<T, LessOrEqual<T>>,
            "gt" or "hi" => LaneLoops.Compare<T, Greater<T>>,
            "ge" or "hs" => LaneLoops.Compare<T, GreaterOrEqual<T>>,
            "equ" => LaneLoops.Compare<T, Opposite<T, NotEqual<T>>>,
            "neu" => LaneLoops.Compare<T, Opposite<T, Equal<T>>>,
            "ltu" => LaneLoops.Compare<T, Opposite<T, GreaterOrEqual<T>>>,
            "leu" => LaneLoops.Compare<T, Opposite<T, Greater<T>>>,
            "gtu" => LaneLoops.Compare<T, Opposite<T, LessOrEqual<T>>>,
            "geu" => LaneLoops.Compare<T, Opposite<T, Less<T>>>,
            "num" => LaneLoops.Compare<T, Ordered<T>>,
            "nan" => LaneLoops.Compare<T, Opposite<T, Ordered<T>>>,
            "notanumber" => LaneLoops.Compare<T, IsNotANumber<T>>,
            "number" => LaneLoops.Compare<T, Opposite<T, IsNotANumber<T>>>,
            "infinite" => LaneLoops.Compare<T, IsInfinite<T>>,
            "finite" => LaneLoops.Compare<T, IsFinite<T>>,
            "normal" => LaneLoops.Compare<T, IsNormal<T>>,
            "subnormal" => LaneLoops.Compare<T, IsSubnormal<T>>,
            _ => throw Unsupported($"unknown comparison '{name}'"),
        };
}
