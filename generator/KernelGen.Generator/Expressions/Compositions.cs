namespace KernelGen.Generator.Expressions;

/// <summary>Functions that are written in terms of the primitive ones, with care for cancellation and overflow.</summary>
internal static class Compositions
{
    /// <summary>value.Clamp(lower, upper): NaN stays NaN, as in Math.Clamp.</summary>
    public static Expr Clamp(Expr value, Expr lower, Expr upper) =>
        new Expr.Select(
            new Condition.Compare(CompareOp.Less, value, lower),
            lower,
            new Expr.Select(new Condition.Compare(CompareOp.Greater, value, upper), upper, value));

    /// <summary>cosh x = w + 1/(4 w), w = exp(|x|) / 2 formed as (exp(|x|/2) / 2) exp(|x|/2), which overflows no earlier than cosh does.</summary>
    public static Expr Cosh(Expr x)
    {
        Expr w = HalfExp(x);
        return w + (0.25 / w);
    }

    /// <summary>sinh x = sign(x) (w - 1/(4 w)); below 1, where that cancels, its series (for the value and for its derivative beyond double's precision).</summary>
    public static Expr Sinh(Expr x)
    {
        const int Terms = 10;
        Expr square = x * x;
        Expr series = 1.0;
        for (int k = Terms - 1; k >= 1; k--)
            series = new Expr.MultiplyAdd(series, square * (1.0 / (2 * k * ((2 * k) + 1))), 1.0);

        Expr w = HalfExp(x);
        Expr size = w - (0.25 / w);
        Expr signed = new Expr.Select(new Condition.Compare(CompareOp.Less, x, 0.0), -size, size);
        return new Expr.Select(
            new Condition.Compare(CompareOp.Less, new Expr.Unary(UnaryOp.Abs, x), 1.0),
            x * series,
            signed);
    }

    /// <summary>x^exponent for exponents k and k + 1/2 with |exponent| at most <see cref="GreatestExponent"/>; null for others.</summary>
    public static Expr? Power(Expr x, double exponent)
    {
        double size = Math.Abs(exponent);
        if (!(size <= GreatestExponent) || Math.Floor(size * 2) != size * 2)
            return null;
        Expr? power = size == Math.Floor(size) ? null : new Expr.Unary(UnaryOp.Sqrt, x);
        if (size >= 1)
            power = power is null ? WholePower(x, (int)size) : WholePower(x, (int)size) * power;
        return power is null ? 1.0 : exponent < 0 ? 1.0 / power : power;
    }

    public const double GreatestExponent = 16;

    private static Expr WholePower(Expr x, int exponent)
    {
        if (exponent == 1)
            return x;
        Expr half = WholePower(x, exponent / 2);
        Expr square = half * half;
        return exponent % 2 == 0 ? square : square * x;
    }

    private static Expr HalfExp(Expr x)
    {
        Expr root = Expr.Exp(new Expr.Unary(UnaryOp.Abs, x) * 0.5);
        return root * 0.5 * root;
    }
}
