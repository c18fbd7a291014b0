namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Turns one instruction into a step. What it does not know, down to the last modifier, is an exception that quotes the line.</summary>
internal sealed partial class PtxDecoder(PtxLinker linker, PtxFrame frame, PtxInstruction instruction)
{
    private readonly PtxStep _step = new(instruction);
    private readonly List<string> _modifiers = [.. instruction.Modifiers];
    private readonly List<int> _sources = [];
    private readonly List<int> _sourcePredicates = [];
    private readonly List<int> _destinations = [];
    private readonly List<int> _destinationPredicates = [];

    private PtxType Type => instruction.Types.Count > 0 ? instruction.Types[^1] : throw Unsupported("a type is missing");

    public PtxStep Decode()
    {
        if (instruction.Guard is { } guard)
        {
            _step.Guard = frame.Predicates + guard.Register.Index;
            _step.IsGuardNegated = guard.IsNegated;
        }

        DecodeOperation();
        if (_modifiers.Count > 0)
            throw Unsupported($"unknown modifier '.{_modifiers[0]}'");
        _step.Sources = [.. _sources.Distinct()];
        _step.SourcePredicates = [.. _sourcePredicates.Distinct()];
        _step.Destinations = [.. _destinations.Distinct()];
        _step.DestinationPredicates = [.. _destinationPredicates.Distinct()];
        return _step;
    }

    private void DecodeOperation()
    {
        switch (instruction.Opcode)
        {
            case PtxOpcode.Add or PtxOpcode.Sub or PtxOpcode.Mul or PtxOpcode.Div or PtxOpcode.Rem or PtxOpcode.Min or PtxOpcode.Max or PtxOpcode.Copysign:
                DecodeBinary();
                break;
            case PtxOpcode.Fma or PtxOpcode.Mad:
                DecodeTernary();
                break;
            case PtxOpcode.Abs or PtxOpcode.Neg or PtxOpcode.Sqrt or PtxOpcode.Rcp:
                DecodeUnary();
                break;
            case PtxOpcode.Rsqrt or PtxOpcode.Ex2 or PtxOpcode.Lg2 or PtxOpcode.Sin or PtxOpcode.Cos or PtxOpcode.Tanh:
                DecodeApproximate();
                break;
            case PtxOpcode.And or PtxOpcode.Or or PtxOpcode.Xor or PtxOpcode.Not:
                DecodeLogic();
                break;
            case PtxOpcode.Shl or PtxOpcode.Shr or PtxOpcode.Popc or PtxOpcode.Clz or PtxOpcode.Brev or PtxOpcode.Bfe or PtxOpcode.Bfi
                or PtxOpcode.Prmt or PtxOpcode.Lop3 or PtxOpcode.Shf:
                DecodeBits();
                break;
            case PtxOpcode.Setp or PtxOpcode.Testp:
                DecodeComparison();
                break;
            case PtxOpcode.Selp or PtxOpcode.Slct or PtxOpcode.Mov or PtxOpcode.Cvta:
                DecodeMove();
                break;
            case PtxOpcode.Cvt:
                DecodeConversion();
                break;
            case PtxOpcode.Ld or PtxOpcode.St or PtxOpcode.Atom or PtxOpcode.Red:
                DecodeMemory();
                break;
            case PtxOpcode.Cp:
                DecodeCopy();
                break;
            case PtxOpcode.Shfl or PtxOpcode.Vote or PtxOpcode.Match or PtxOpcode.Activemask or PtxOpcode.Redux:
                DecodeWarp();
                break;
            case PtxOpcode.Mma or PtxOpcode.Ldmatrix:
                DecodeMatrix();
                break;
            default:
                DecodeControl();
                break;
        }
    }

    private bool Take(string modifier) => _modifiers.Remove(modifier);

    private string TakeFirst(string what)
    {
        if (_modifiers.Count == 0)
            throw Unsupported($"{what} is missing");
        string modifier = _modifiers[0];
        _modifiers.RemoveAt(0);
        return modifier;
    }

    private PtxOperand Operand(int number) =>
        number < instruction.Operands.Count ? instruction.Operands[number] : throw Unsupported($"operand {number + 1} is missing");

    private int Source(int operand) => Source(Operand(operand));

    // Constants and special registers are registers too, which every warp fills before it starts.
    private int Source(PtxOperand operand)
    {
        switch (operand)
        {
            case PtxRegisterOperand { Register.Type: not PtxType.Pred } register:
                int number = frame.Registers + register.Register.Index;
                _sources.Add(number);
                return number * PtxWarp.Size;
            case PtxImmediate immediate:
                return linker.Constant(immediate.Bits) * PtxWarp.Size;
            case PtxSpecial special when PtxBlock.Specials.Contains(special.Name):
                return linker.Special(special.Name) * PtxWarp.Size;
            case PtxSymbol symbol:
                return linker.Constant((ulong)linker.Locate(symbol.Variable, frame).Address) * PtxWarp.Size;
            default:
                throw Unsupported($"the operand '{operand}' is no value");
        }
    }

    private int Destination(int operand) => Destination(Operand(operand));

    private int Destination(PtxOperand operand)
    {
        int number = operand switch
        {
            PtxRegisterOperand { Register.Type: not PtxType.Pred } register => frame.Registers + register.Register.Index,
            PtxSink => linker.Special("_"),
            _ => throw Unsupported($"the operand '{operand}' is no destination"),
        };
        _destinations.Add(number);
        return number * PtxWarp.Size;
    }

    private (int Number, bool IsNegated) SourcePredicate(PtxOperand operand)
    {
        if (operand is PtxImmediate immediate)
            return (linker.ConstantPredicate(immediate.Bits != 0), false);
        if (operand is not PtxRegisterOperand { Register.Type: PtxType.Pred } register)
            throw Unsupported($"the operand '{operand}' is no predicate");
        int number = frame.Predicates + register.Register.Index;
        _sourcePredicates.Add(number);
        return (number, register.IsNegated);
    }

    private int DestinationPredicate(PtxOperand operand)
    {
        if (operand is PtxSink)
            return -1;
        if (operand is not PtxRegisterOperand { Register.Type: PtxType.Pred } register)
            throw Unsupported($"the operand '{operand}' is no predicate");
        int number = frame.Predicates + register.Register.Index;
        _destinationPredicates.Add(number);
        return number;
    }

    private static IReadOnlyList<PtxOperand> Items(PtxOperand operand) => operand is PtxVector vector ? vector.Items : [operand];

    private PtxSyntaxException Unsupported(string reason) => new(instruction.Line, instruction.Text, reason);
}
