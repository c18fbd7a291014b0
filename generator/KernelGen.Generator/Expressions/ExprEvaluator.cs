namespace KernelGen.Generator.Expressions;

/// <summary>What a tree means: its value in double precision. Folding, the map analysis, the interpreter and the tests all read it here.</summary>
internal static class ExprEvaluator
{
    public static double Evaluate(Expr expr, Func<int, double> args, double row, double column, double chunkEnd) =>
        new Evaluation(args, row, column, chunkEnd, null).Of(expr);

    /// <summary>The value at operand 0 = <paramref name="x"/>; every intermediate value goes through <paramref name="round"/>, where given.</summary>
    public static double Evaluate(Expr expr, double x, Func<double, double>? round = null) =>
        new Evaluation(_ => x, 0, 0, 0, round).Of(expr);

    public static double Apply(UnaryOp op, double a) => op switch
    {
        UnaryOp.Negate => -a,
        UnaryOp.Abs => Math.Abs(a),
        UnaryOp.Sqrt => Math.Sqrt(a),
        UnaryOp.Exp => Math.Exp(a),
        UnaryOp.Log => Math.Log(a),
        UnaryOp.Sin => Math.Sin(a),
        UnaryOp.Cos => Math.Cos(a),
        UnaryOp.Tanh => Math.Tanh(a),
        UnaryOp.Floor => Math.Floor(a),
        UnaryOp.Ceiling => Math.Ceiling(a),
        UnaryOp.Truncate => Math.Truncate(a),
        UnaryOp.Round => Math.Round(a),
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    public static double Apply(BinaryOp op, double a, double b) => op switch
    {
        BinaryOp.Add => a + b,
        BinaryOp.Subtract => a - b,
        BinaryOp.Multiply => a * b,
        BinaryOp.Divide => a / b,
        BinaryOp.Min => Math.Min(a, b),
        BinaryOp.Max => Math.Max(a, b),
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    public static bool Apply(CompareOp op, double a, double b) => op switch
    {
        CompareOp.Less => a < b,
        CompareOp.LessOrEqual => a <= b,
        CompareOp.Greater => a > b,
        CompareOp.GreaterOrEqual => a >= b,
        CompareOp.Equal => a == b,
        CompareOp.NotEqual => a != b,
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    private sealed class Evaluation(Func<int, double> args, double row, double column, double chunkEnd, Func<double, double>? round)
    {
        public double Of(Expr expr)
        {
            double value = expr switch
            {
                Expr.Arg e => args(e.Position),
                Expr.Const e => e.Value,
                Expr.Index e => e.Axis == Axis.Row ? row : column,
                Expr.ChunkEnd => chunkEnd,
                Expr.Unary e => Apply(e.Op, Of(e.A)),
                Expr.Binary e => Apply(e.Op, Of(e.A), Of(e.B)),
                Expr.MultiplyAdd e => (Of(e.A) * Of(e.B)) + Of(e.C),
                Expr.Select e => Of(e.Test) ? Of(e.A) : Of(e.B),
                _ => throw new ArgumentOutOfRangeException(nameof(expr)),
            };
            return round is null ? value : round(value);
        }

        private bool Of(Condition condition) => condition switch
        {
            Condition.Compare c => Apply(c.Op, Of(c.A), Of(c.B)),
            Condition.And c => Of(c.A) && Of(c.B),
            Condition.Or c => Of(c.A) || Of(c.B),
            Condition.Not c => !Of(c.A),
            _ => throw new ArgumentOutOfRangeException(nameof(condition)),
        };
    }
}
