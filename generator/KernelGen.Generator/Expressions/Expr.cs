namespace KernelGen.Generator.Expressions;

/// <summary>
/// A scalar function held as a value-equal tree: what feature maps, masks, epilogues and folds are written in. Leaves are the
/// operands of the op that holds the tree, constants, and the element's place in its tile.
/// </summary>
internal abstract record Expr
{
    /// <summary>Operand <paramref name="Position"/> of the op at this element. A feature map's input is operand 0.</summary>
    public sealed record Arg(int Position) : Expr;

    /// <summary>A constant; rounded to the element type when it is written.</summary>
    public sealed record Const(double Value) : Expr
    {
        // By bits: 0 and -0 are different kernels, and NaN is equal to itself.
        public bool Equals(Const? other) =>
            other is not null && BitConverter.DoubleToInt64Bits(Value) == BitConverter.DoubleToInt64Bits(other.Value);

        public override int GetHashCode() => BitConverter.DoubleToInt64Bits(Value).GetHashCode();
    }

    /// <summary>The element's row or column in its tile, as a number.</summary>
    public sealed record Index(Axis Axis) : Expr;

    /// <summary>Rows of the current chunk that hold tokens, as a number: C for a full chunk.</summary>
    public sealed record ChunkEnd : Expr;

    public sealed record Unary(UnaryOp Op, Expr A) : Expr;

    public sealed record Binary(BinaryOp Op, Expr A, Expr B) : Expr;

    /// <summary>A * B + C with one rounding where the target has it.</summary>
    public sealed record MultiplyAdd(Expr A, Expr B, Expr C) : Expr;

    /// <summary><paramref name="A"/> where <paramref name="Test"/> holds, otherwise <paramref name="B"/>. Both are evaluated; neither's NaN leaks into the other.</summary>
    public sealed record Select(Condition Test, Expr A, Expr B) : Expr;

    public static implicit operator Expr(double value) => new Const(value);

    public static Expr operator +(Expr a, Expr b) => new Binary(BinaryOp.Add, a, b);

    public static Expr operator -(Expr a, Expr b) => new Binary(BinaryOp.Subtract, a, b);

    public static Expr operator *(Expr a, Expr b) => new Binary(BinaryOp.Multiply, a, b);

    public static Expr operator /(Expr a, Expr b) => new Binary(BinaryOp.Divide, a, b);

    public static Expr operator -(Expr a) => new Unary(UnaryOp.Negate, a);

    public static Expr Exp(Expr a) => new Unary(UnaryOp.Exp, a);
}

/// <summary>A truth value per element.</summary>
internal abstract record Condition
{
    public sealed record Compare(CompareOp Op, Expr A, Expr B) : Condition;

    public sealed record And(Condition A, Condition B) : Condition;

    public sealed record Or(Condition A, Condition B) : Condition;

    public sealed record Not(Condition A) : Condition;
}

internal enum Axis
{
    Row,
    Column,
}

internal enum UnaryOp
{
    Negate,
    Abs,
    Sqrt,
    Exp,
    Log,
    Sin,
    Cos,
    Tanh,
    Floor,
    Ceiling,
    Truncate,
    Round,
}

internal enum BinaryOp
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Min,
    Max,
}

internal enum CompareOp
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}
