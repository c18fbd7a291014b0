using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Copies between registers, and addresses.</summary>
internal sealed partial class PtxDecoder
{
    private void DecodeMove()
    {
        switch (instruction.Opcode)
        {
            case PtxOpcode.Selp when Type == PtxType.Pred:
                throw Unsupported("no such type");
            case PtxOpcode.Selp:
                _step.D = Destination(0);
                _step.A = Source(1);
                _step.B = Source(2);
                (_step.R, _step.IsRNegated) = SourcePredicate(Operand(3));
                _step.Run = LaneLoops.Select;
                break;
            case PtxOpcode.Slct:
                DecodeSelectBySign();
                break;
            case PtxOpcode.Cvta:
                DecodeAddressCast();
                break;
            case PtxOpcode.Mov when Type == PtxType.Pred:
                _step.P = DestinationPredicate(Operand(0));
                (_step.A, _step.IsRNegated) = SourcePredicate(Operand(1));
                _step.Run = PredicateOperations.Move;
                break;
            case PtxOpcode.Mov when Operand(0) is PtxVector || Operand(1) is PtxVector:
                DecodePack();
                break;
            default:
                _step.D = Destination(0);
                _step.A = Source(1);
                _step.Run = LaneLoops.Move;
                break;
        }
    }

    // slct: the first operand where the third is not negative.
    private void DecodeSelectBySign()
    {
        _step.D = Destination(0);
        _step.A = Source(1);
        _step.B = Source(2);
        _step.C = Source(3);
        bool isFlushed = Take("ftz");
        bool isFloat = Type == PtxType.F32;
        _step.Run = (s, w, active) =>
        {
            for (uint rest = active; rest != 0; rest &= rest - 1)
            {
                int lane = BitOperations.TrailingZeroCount(rest);
                float number = LaneLoops.Get<float>(ref w.Registers[s.C], lane);
                bool isFirst = isFloat ? (isFlushed ? FlushToZero<float>.In(number) : number) >= 0 : (int)w.Registers[s.C + lane] >= 0;
                w.Registers[s.D + lane] = w.Registers[(isFirst ? s.A : s.B) + lane];
            }
        };
    }

    // mov.b64 %rd, {%r0, %r1} and back; the first item is the low end.
    private void DecodePack()
    {
        bool isPack = Operand(1) is PtxVector;
        PtxVector vector = (PtxVector)Operand(isPack ? 1 : 0);
        int bits = Type.Size() * 8 / vector.Items.Count;
        ulong mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        _step.Vector = [.. vector.Items.Select(item => isPack ? Source(item) : Destination(item))];
        if (isPack)
            _step.D = Destination(0);
        else
            _step.A = Source(1);
        _step.Run = (s, w, active) =>
        {
            for (uint rest = active; rest != 0; rest &= rest - 1)
            {
                int lane = BitOperations.TrailingZeroCount(rest);
                ulong value = isPack ? 0 : w.Registers[s.A + lane];
                for (int i = 0; i < s.Vector.Length; i++)
                {
                    if (isPack)
                        value |= (w.Registers[s.Vector[i] + lane] & mask) << i * bits;
                    else
                        w.Registers[s.Vector[i] + lane] = value >> i * bits & mask;
                }

                if (isPack)
                    w.Registers[s.D + lane] = value;
            }
        };
    }

    // Global addresses are generic ones; shared and local memory lie in windows of the generic space.
    private void DecodeAddressCast()
    {
        bool isFromGeneric = Take("to");
        ulong window = Take("shared") || Take("shared::cta") ? AddressSpaces.SharedWindow
            : Take("local") ? AddressSpaces.LocalWindow
            : Take("global") || Take("const") ? 0UL
            : throw Unsupported("no such state space");
        _step.D = Destination(0);
        _step.A = Source(1);
        if (window == 0)
        {
            _step.Run = LaneLoops.Move;
            return;
        }

        _step.B = linker.Constant(isFromGeneric ? 0 - window : window) * PtxWarp.Size;
        _step.Run = LaneLoops.Binary<ulong, Add<ulong>, Plain<ulong>>;
    }
}
