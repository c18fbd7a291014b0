namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Branches, barriers and what is only counted.</summary>
internal sealed partial class PtxDecoder
{
    private void DecodeControl()
    {
        switch (instruction.Opcode)
        {
            case PtxOpcode.Bra:
                _step.Kind = PtxStepKind.Branch;
                _step.IsUniform = Take("uni");
                break;
            case PtxOpcode.Brx:
                if (!Take("idx"))
                    throw Unsupported("only brx.idx is known");
                _step.Kind = PtxStepKind.BranchIndexed;
                _step.IsUniform = Take("uni");
                _step.A = Source(0);
                break;
            case PtxOpcode.Ret or PtxOpcode.Exit:
                Take("uni");
                _step.Kind = PtxStepKind.Exit;
                break;
            case PtxOpcode.Bar or PtxOpcode.Barrier:
                DecodeBarrier();
                break;
            case PtxOpcode.Trap or PtxOpcode.Brkpt:
                _step.Run = (s, w, active) => throw w.Fault(s, System.Numerics.BitOperations.TrailingZeroCount(active), PtxFault.Trap, "");
                break;

            // Warps of a block run in program order here, and nothing is said of order between blocks: a race there is a fault anyway.
            case PtxOpcode.Membar or PtxOpcode.Fence or PtxOpcode.Nanosleep or PtxOpcode.Prefetch:
                _modifiers.Clear();
                _step.Kind = PtxStepKind.Nothing;
                break;
            default:
                throw Unsupported("no such instruction");
        }
    }

    private void DecodeBarrier()
    {
        Take("cta");
        if (Take("warp"))
        {
            Take("sync");
            _step.Kind = PtxStepKind.Warp;
            _step.Members = Source(0);
            _step.Run = (_, w, _) => w.PassWarpBarrier();
            return;
        }

        Take("aligned");
        _step.Kind = PtxStepKind.Barrier;
        bool isReduction = Take("red");
        if (!isReduction && !Take("sync"))
            throw Unsupported("no such barrier");
        PtxOperand number = Operand(isReduction ? 1 : 0);
        if (number is not PtxImmediate { Bits: 0 })
            throw Unsupported("only barrier 0 is known");
        if (instruction.Operands.Count > (isReduction ? 3 : 1))
            throw Unsupported("barriers of some of the block's threads");
        if (!isReduction)
            return;
        bool isCount = Take("popc");
        _step.Update = isCount ? (votes, _, _) => votes
            : Take("and") ? (votes, threads, _) => votes == threads ? 1u : 0
            : Take("or") ? (votes, _, _) => votes > 0 ? 1u : 0
            : throw Unsupported("no such reduction");
        if (isCount)
            _step.D = Destination(0);
        else
            _step.P = DestinationPredicate(Operand(0));
        (_step.R, _step.IsRNegated) = SourcePredicate(Operand(2));
    }
}
