using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Functions of one operand, exact and approximate.</summary>
internal sealed partial class PtxDecoder
{
    private void DecodeUnary()
    {
        _step.D = Destination(0);
        _step.A = Source(1);
        if (instruction.Opcode is PtxOpcode.Sqrt or PtxOpcode.Rcp && Take("approx"))
        {
            _step.Run = Approximate();
            return;
        }

        _step.Run = Type switch
        {
            PtxType.S16 => IntegerUnary<short>(),
            PtxType.S32 => IntegerUnary<int>(),
            PtxType.S64 => IntegerUnary<long>(),
            PtxType.F16 => FloatUnary<Half>(),
            PtxType.F32 => FloatUnary<float>(),
            PtxType.F64 => FloatUnary<double>(),
            _ => throw Unsupported("no such operation on this type"),
        };
    }

    private LaneOperation IntegerUnary<T>()
        where T : unmanaged, IBinaryInteger<T> => instruction.Opcode switch
        {
            PtxOpcode.Neg => LaneLoops.Unary<T, Negate<T>, Plain<T>>,
            PtxOpcode.Abs => LaneLoops.Unary<T, Absolute<T>, Plain<T>>,
            _ => throw Unsupported("no such operation on integers"),
        };

    private LaneOperation FloatUnary<T>()
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Take("rn");
        bool isFlushed = Take("ftz");
        return instruction.Opcode switch
        {
            PtxOpcode.Neg => isFlushed ? LaneLoops.Unary<T, Negate<T>, FlushToZero<T>> : LaneLoops.Unary<T, Negate<T>, Plain<T>>,
            PtxOpcode.Abs => isFlushed ? LaneLoops.Unary<T, Absolute<T>, FlushToZero<T>> : LaneLoops.Unary<T, Absolute<T>, Plain<T>>,
            PtxOpcode.Sqrt => isFlushed ? LaneLoops.Unary<T, SquareRoot<T>, FlushToZero<T>> : LaneLoops.Unary<T, SquareRoot<T>, Plain<T>>,
            _ => isFlushed ? LaneLoops.Unary<T, Reciprocal<T>, FlushToZero<T>> : LaneLoops.Unary<T, Reciprocal<T>, Plain<T>>,
        };
    }

    private void DecodeApproximate()
    {
        _step.D = Destination(0);
        _step.A = Source(1);
        if (!Take("approx"))
            throw Unsupported("only the approximate form exists");
        _step.Run = Approximate();
    }

    private LaneOperation ApproximateQuotient()
    {
        _step.RelativeError = Math.ScaleB(1, -22);
        _step.Approximation = linker.Options.Approximation;
        Take("ftz");
        return ApproximateOperations.Divide;
    }

    // Errors as the PTX ISA (8.x) gives them for f32, relative or absolute. Sines have theirs between -2 pi and 2 pi only.
    private LaneOperation Approximate()
    {
        (_step.Function, int relative, int absolute) = instruction.Opcode switch
        {
            PtxOpcode.Ex2 => (ApproximateOperations.Exp2, -22, 0),
            PtxOpcode.Lg2 => (Math.Log2, -22, -22),
            PtxOpcode.Sin => (Math.Sin, 0, -20),
            PtxOpcode.Cos => (Math.Cos, 0, -20),
            PtxOpcode.Tanh => (Math.Tanh, -11, 0),
            PtxOpcode.Rsqrt => (x => 1 / Math.Sqrt(x), -22, 0),
            PtxOpcode.Sqrt => (Math.Sqrt, -23, 0),
            PtxOpcode.Rcp => ((Func<double, double>)(x => 1 / x), -23, 0),
            _ => throw Unsupported("no such function"),
        };
        _step.RelativeError = relative == 0 ? 0 : Math.ScaleB(1, relative);
        _step.AbsoluteError = absolute == 0 ? 0 : Math.ScaleB(1, absolute);
        _step.Approximation = linker.Options.Approximation;
        bool isFlushed = Take("ftz");
        return Type switch
        {
            PtxType.F16 => ApproximateOperations.Half,
            PtxType.F32 => isFlushed ? ApproximateOperations.SingleFlushed : ApproximateOperations.Single,
            PtxType.F64 => ApproximateOperations.Double,
            _ => throw Unsupported("no approximation of this type"),
        };
    }
}
