using KernelGen.Generator.Expressions;

namespace KernelGen.Generator.Frontend;

/// <summary>The values of <c>KernelGen.Activation</c> as expressions.</summary>
internal static class Activations
{
    public static IReadOnlyList<string> Names { get; } = new[] { "None", "Silu", "Relu", "Sigmoid", "Tanh", "GeluTanh" };

    public static Expr Of(int value)
    {
        Expr z = new Expr.Arg(0);
        return value switch
        {
            1 => z / Denominator(),
            2 => new Expr.Binary(BinaryOp.Max, z, 0.0),
            3 => 1.0 / Denominator(),
            4 => new Expr.Unary(UnaryOp.Tanh, z),
            5 => 0.5 * z * (1.0 + new Expr.Unary(UnaryOp.Tanh, Math.Sqrt(2 / Math.PI) * (z + (0.044715 * z * z * z)))),
            _ => z,
        };

        Expr Denominator() => 1.0 + Expr.Exp(-z);
    }
}
