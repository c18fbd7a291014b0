using KernelGen.Generator.Expressions;

namespace KernelGen.Generator.Tests;

public class DerivativeTests
{
    private static readonly Expr X = new Expr.Arg(0);
    private static readonly Condition Positive = new Condition.Compare(CompareOp.Greater, X, 0.0);

    // Away from the kinks and steps of the maps below.
    private static readonly double[] Places = [0.3, -0.3, 0.77, -0.77, 1.31, -1.31, 2.2, -2.2, 4.4, -4.4];

    [Fact]
    public void Of_EveryOperation_AgreesWithDifferences()
    {
        Assert.All(Maps(), map =>
        {
            Expr derivative = Derivative.Of(map);
            foreach (double x in Places)
            {
                double expected = Difference(map, x);
                if (double.IsNaN(expected))
                    continue;
                double actual = ExprEvaluator.Evaluate(derivative, x);
                Assert.True(
                    Math.Abs(actual - expected) <= 1e-8 * Math.Max(1, Math.Abs(expected)),
                    $"({ExprText.Of(map)})' = {ExprText.Of(derivative)} at {x}: {actual:R}, differences give {expected:R}");
            }
        });
    }

    [Fact]
    public void Of_SimpleMaps_IsSimple()
    {
        Assert.Equal("x > 0 ? 1 : exp(x)", ExprText.Of(Derivative.Of(new Expr.Select(Positive, X + 1.0, Expr.Exp(X)))));
        Assert.Equal("x + x", ExprText.Of(Derivative.Of(X * X)));
        Assert.Equal("2", ExprText.Of(Derivative.Of(2.0 * X)));
        Assert.Equal("0", ExprText.Of(Derivative.Of(7.0)));
        Assert.Equal("0", ExprText.Of(Derivative.Of(Unary(UnaryOp.Floor, X) * 3.0)));
        Assert.Equal("0", ExprText.Of(Derivative.Of(X, position: 1)));
        Assert.Equal("x", ExprText.Of(Derivative.Of(X * new Expr.Arg(1), position: 1)));
        Assert.Equal("x > 0 ? 1 : x < 0 ? -1 : 0", ExprText.Of(Derivative.Of(Unary(UnaryOp.Abs, X))));
    }

    [Fact]
    public void Of_ReluWrittenEitherWay_IsFlatAtZero()
    {
        Assert.Equal(0, ExprEvaluator.Evaluate(Derivative.Of(new Expr.Binary(BinaryOp.Max, X, 0.0)), 0));
        Assert.Equal(0, ExprEvaluator.Evaluate(Derivative.Of(new Expr.Binary(BinaryOp.Max, 0.0, X)), 0));
        Assert.Equal(0, ExprEvaluator.Evaluate(Derivative.Of(new Expr.Binary(BinaryOp.Min, 0.0, X)), 0));
    }

    [Fact]
    public void Of_ProductWithConstant_NeverMultipliesByZero()
    {
        // 0 * log(x) + 2 / x would be NaN at 0; the derivative is infinite there.
        Expr derivative = Derivative.Of(2.0 * Unary(UnaryOp.Log, X));
        Assert.Equal(double.PositiveInfinity, ExprEvaluator.Evaluate(derivative, 0));
    }

    private static IEnumerable<Expr> Maps()
    {
        Expr positive = (X * X) + 0.5;
        foreach (UnaryOp op in Enum.GetValues<UnaryOp>())
        {
            yield return Unary(op, X);
            yield return Unary(op, positive);
            yield return X * Unary(op, (1.5 * X) + 0.06);
        }

        foreach (BinaryOp op in Enum.GetValues<BinaryOp>())
        {
            yield return new Expr.Binary(op, Expr.Exp(X), positive);
            yield return new Expr.Binary(op, X, 2.0);
            yield return new Expr.Binary(op, 2.0, positive);
        }

        yield return new Expr.MultiplyAdd(X, X, X);
        yield return new Expr.MultiplyAdd(X, 2.0, 1.0);
        yield return new Expr.MultiplyAdd(3.0, positive, X);
        yield return new Expr.MultiplyAdd(3.0, 4.0, X);
        yield return new Expr.Select(Positive, Expr.Exp(-X), positive);
        yield return new Expr.Select(new Condition.Not(Positive), 1.0, X / positive);
        yield return Compositions.Sinh(X);
        yield return Compositions.Cosh(X);
        yield return Compositions.Power(X, 5)!;
        yield return Compositions.Power(X, -3)!;
        yield return Compositions.Power(positive, 2.5)!;
        yield return Compositions.Clamp(X, -1.0, 2.0);
        yield return Unary(UnaryOp.Log, 1.0 + Expr.Exp(X));
    }

    // Central differences, extrapolated once: the error is of order h^4.
    private static double Difference(Expr map, double x)
    {
        const double H = 1e-3;
        return ((4 * Central(H / 2)) - Central(H)) / 3;

        double Central(double h) => (ExprEvaluator.Evaluate(map, x + h) - ExprEvaluator.Evaluate(map, x - h)) / (2 * h);
    }

    private static Expr.Unary Unary(UnaryOp op, Expr a) => new Expr.Unary(op, a);
}
