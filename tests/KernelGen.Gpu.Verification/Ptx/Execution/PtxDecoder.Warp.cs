namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>What threads of a warp do together.</summary>
internal sealed partial class PtxDecoder
{
    private void DecodeWarp()
    {
        bool isSync = Take("sync");
        _step.Kind = isSync ? PtxStepKind.Warp : PtxStepKind.Lanes;
        if (isSync)
            _step.Members = Source(instruction.Operands[^1]);
        switch (instruction.Opcode)
        {
            case PtxOpcode.Activemask:
                _step.D = Destination(0);
                _step.Run = WarpOperations.ActiveMask;
                break;
            case PtxOpcode.Shfl:
                DecodeShuffle();
                break;
            case PtxOpcode.Vote:
                DecodeVote();
                break;
            case PtxOpcode.Match:
                DecodeMatch();
                break;
            default:
                _step.D = Destination(0);
                _step.A = Source(1);
                string name = TakeFirst("the operation");
                bool isSigned = Type == PtxType.S32;
                _step.Run = name switch
                {
                    "add" => (s, w, active) => WarpOperations.Reduce(s, w, active, (x, y) => x + y),
                    "and" => (s, w, active) => WarpOperations.Reduce(s, w, active, (x, y) => x & y),
                    "or" => (s, w, active) => WarpOperations.Reduce(s, w, active, (x, y) => x | y),
                    "xor" => (s, w, active) => WarpOperations.Reduce(s, w, active, (x, y) => x ^ y),
                    "min" => (s, w, active) => WarpOperations.Reduce(s, w, active, (x, y) => isSigned ? (uint)Math.Min((int)x, (int)y) : Math.Min(x, y)),
                    "max" => (s, w, active) => WarpOperations.Reduce(s, w, active, (x, y) => isSigned ? (uint)Math.Max((int)x, (int)y) : Math.Max(x, y)),
                    _ => throw Unsupported($"unknown reduction '{name}'"),
                };
                break;
        }
    }

    private void DecodeShuffle()
    {
        (PtxOperand target, PtxOperand found) = Operand(0) is PtxPair pair ? (pair.First, pair.Second) : (Operand(0), new PtxSink());
        _step.D = Destination(target);
        _step.P = DestinationPredicate(found);
        _step.A = Source(1);
        _step.B = Source(2);
        _step.C = Source(3);
        _step.Run = Take("idx") ? WarpOperations.ShuffleIndex
            : Take("up") ? WarpOperations.ShuffleUp
            : Take("down") ? WarpOperations.ShuffleDown
            : Take("bfly") ? WarpOperations.ShuffleButterfly
            : throw Unsupported("no such shuffle");
    }

    private void DecodeVote()
    {
        (_step.R, _step.IsRNegated) = SourcePredicate(Operand(1));
        if (Take("ballot"))
        {
            _step.D = Destination(0);
            _step.Run = WarpOperations.Ballot;
            return;
        }

        _step.P = DestinationPredicate(Operand(0));
        _step.Run = Take("all") ? (s, w, active) => WarpOperations.Vote(s, w, active, votes => votes == active)
            : Take("any") ? (s, w, active) => WarpOperations.Vote(s, w, active, votes => votes != 0)
            : Take("uni") ? (s, w, active) => WarpOperations.Vote(s, w, active, votes => votes == 0 || votes == active)
            : throw Unsupported("no such vote");
    }

    private void DecodeMatch()
    {
        (PtxOperand target, PtxOperand found) = Operand(0) is PtxPair pair ? (pair.First, pair.Second) : (Operand(0), new PtxSink());
        _step.D = Destination(target);
        _step.P = DestinationPredicate(found);
        _step.A = Source(1);
        _step.ElementBytes = Type.Size();
        _step.Run = Take("any") ? WarpOperations.MatchAny : Take("all") ? WarpOperations.MatchAll : throw Unsupported("no such match");
    }
}
