namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Logic, shifts and fields.</summary>
internal sealed partial class PtxDecoder
{
    private void DecodeLogic()
    {
        if (Type == PtxType.Pred)
        {
            _step.P = DestinationPredicate(Operand(0));
            (_step.A, bool isFirstNegated) = SourcePredicate(Operand(1));
            bool isUnary = instruction.Opcode == PtxOpcode.Not;
            (_step.B, bool isSecondNegated) = isUnary ? (_step.A, false) : SourcePredicate(Operand(2));
            _step.IsRNegated = isFirstNegated;
            _step.IsSigned = isSecondNegated;
            _step.Run = instruction.Opcode switch
            {
                PtxOpcode.And => PredicateOperations.And,
                PtxOpcode.Or => PredicateOperations.Or,
                PtxOpcode.Xor => PredicateOperations.Xor,
                _ => PredicateOperations.Not,
            };
            return;
        }

        _step.D = Destination(0);
        _step.A = Source(1);
        if (instruction.Opcode != PtxOpcode.Not)
            _step.B = Source(2);
        _step.Run = instruction.Opcode switch
        {
            PtxOpcode.And => LaneLoops.Binary<ulong, And, Plain<ulong>>,
            PtxOpcode.Or => LaneLoops.Binary<ulong, Or, Plain<ulong>>,
            PtxOpcode.Xor => LaneLoops.Binary<ulong, Xor, Plain<ulong>>,
            _ => LaneLoops.Unary<ulong, Not, Plain<ulong>>,
        };
    }

    private void DecodeBits()
    {
        _step.D = Destination(0);
        _step.A = Source(1);
        if (instruction.Operands.Count > 2)
            _step.B = Source(2);
        if (instruction.Operands.Count > 3)
            _step.C = Source(3);
        switch (instruction.Opcode)
        {
            case PtxOpcode.Bfi:
                int length = Source(4);
                bool isLong = Type == PtxType.B64;
                _step.Run = (s, w, active) => BitOperationsOfLanes.Insert(s, w, active, length, isLong ? 64 : 32);
                return;
            case PtxOpcode.Lop3:
                uint table = Operand(4) is PtxImmediate immediate ? (uint)immediate.Bits : throw Unsupported("lop3's table is no constant");
                _step.Offset = table;
                _step.Run = BitOperationsOfLanes.Lookup;
                return;
            case PtxOpcode.Shf:
                bool isLeft = Take("l");
                bool isWrapped = Take("wrap");
                if (!isLeft)
                    Take("r");
                if (!isWrapped)
                    Take("clamp");
                _step.Run = (s, w, active) => BitOperationsOfLanes.Funnel(s, w, active, isLeft, isWrapped);
                return;
        }

        _step.Run = (instruction.Opcode, Type) switch
        {
            (PtxOpcode.Shl, PtxType.B16) => LaneLoops.Binary<ulong, ShiftLeft<ushort>, Plain<ulong>>,
            (PtxOpcode.Shl, PtxType.B32) => LaneLoops.Binary<ulong, ShiftLeft<uint>, Plain<ulong>>,
            (PtxOpcode.Shl, PtxType.B64) => LaneLoops.Binary<ulong, ShiftLeft<ulong>, Plain<ulong>>,
            (PtxOpcode.Shr, PtxType.S16) => LaneLoops.Binary<ulong, ShiftRight<short>, Plain<ulong>>,
            (PtxOpcode.Shr, PtxType.S32) => LaneLoops.Binary<ulong, ShiftRight<int>, Plain<ulong>>,
            (PtxOpcode.Shr, PtxType.S64) => LaneLoops.Binary<ulong, ShiftRight<long>, Plain<ulong>>,
            (PtxOpcode.Shr, PtxType.B16 or PtxType.U16) => LaneLoops.Binary<ulong, ShiftRight<ushort>, Plain<ulong>>,
            (PtxOpcode.Shr, PtxType.B32 or PtxType.U32) => LaneLoops.Binary<ulong, ShiftRight<uint>, Plain<ulong>>,
            (PtxOpcode.Shr, PtxType.B64 or PtxType.U64) => LaneLoops.Binary<ulong, ShiftRight<ulong>, Plain<ulong>>,
            (PtxOpcode.Popc, PtxType.B32) => LaneLoops.Unary<ulong, PopCount<uint>, Plain<ulong>>,
            (PtxOpcode.Popc, PtxType.B64) => LaneLoops.Unary<ulong, PopCount<ulong>, Plain<ulong>>,
            (PtxOpcode.Clz, PtxType.B32) => LaneLoops.Unary<ulong, LeadingZeroCount<uint>, Plain<ulong>>,
            (PtxOpcode.Clz, PtxType.B64) => LaneLoops.Unary<ulong, LeadingZeroCount<ulong>, Plain<ulong>>,
            (PtxOpcode.Brev, PtxType.B32) => LaneLoops.Unary<ulong, Reverse<uint>, Plain<ulong>>,
            (PtxOpcode.Brev, PtxType.B64) => LaneLoops.Unary<ulong, Reverse<ulong>, Plain<ulong>>,
            (PtxOpcode.Bfe, PtxType.S32) => LaneLoops.Ternary<ulong, ExtractField<int>, Plain<ulong>>,
            (PtxOpcode.Bfe, PtxType.U32) => LaneLoops.Ternary<ulong, ExtractField<uint>, Plain<ulong>>,
            (PtxOpcode.Bfe, PtxType.S64) => LaneLoops.Ternary<ulong, ExtractField<long>, Plain<ulong>>,
            (PtxOpcode.Bfe, PtxType.U64) => LaneLoops.Ternary<ulong, ExtractField<ulong>, Plain<ulong>>,
            (PtxOpcode.Prmt, PtxType.B32) => LaneLoops.Ternary<ulong, PermuteBytes, Plain<ulong>>,
            _ => throw Unsupported("no such operation on this type"),
        };
    }
}
