using KernelGen.Generator.Expressions;

namespace KernelGen.Generator.Tests;

public class SimplifyTests
{
    private static readonly Expr X = new Expr.Arg(0);
    private static readonly Expr Y = new Expr.Arg(1);
    private static readonly Condition Positive = new Condition.Compare(CompareOp.Greater, X, 0.0);

    private static readonly double[] Numbers = [0, -0.0, 1, -1, 0.5, 3, -7.25, 1e300, 1e-300, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    [Fact]
    public void Of_Rules_GiveExpectedText() => Assert.All(Cases(), rule => Assert.Equal(rule.Text, ExprText.Of(Simplify.Of(rule.Tree))));

    [Fact]
    public void Of_Rules_KeepValuesIncludingNaNAndInfinity()
    {
        foreach ((Expr tree, _) in Cases())
            AssertSameValues(tree, Simplify.Of(tree));
    }

    [Fact]
    public void Of_RandomTrees_KeepValuesAndAreFixedPoints()
    {
        Random random = new(20260917);
        for (int i = 0; i < 2000; i++)
        {
            // A division would make the sign of a zero matter, which is the one thing that may change.
            Expr tree = RandomTrees.Next(random, depth: 5, divides: false);
            Expr simple = Simplify.Of(tree);
            AssertSameValues(tree, simple);
            Assert.Equal(simple, Simplify.Of(simple));
        }
    }

    [Fact]
    public void Const_SignedZeroAndNaN_AreComparedByBits()
    {
        Assert.NotEqual<Expr>(0.0, -0.0);
        Assert.Equal<Expr>(double.NaN, double.NaN);
        Assert.Equal(((Expr)double.NaN).GetHashCode(), ((Expr)double.NaN).GetHashCode());
    }

    private static IEnumerable<(Expr Tree, string Text)> Cases()
    {
        yield return ((Expr)2.0 * 3.0 + 1.0, "7");
        yield return (X * 1.0, "x");
        yield return (1.0 * X, "x");
        yield return (X * -1.0, "-x");
        yield return (X / 1.0, "x");
        yield return (X / 4.0, "x * 0.25");
        yield return (X / 3.0, "x / 3");
        yield return (X + 0.0, "x");
        yield return (0.0 + X, "x");
        yield return (X - 0.0, "x");
        yield return (0.0 - X, "-x");
        yield return (X * 0.0, "x * 0");
        yield return (X - X, "x - x");
        yield return (X / X, "x / x");
        yield return (-(-X), "x");
        yield return (X + -Y, "x - y");
        yield return (-X + Y, "y - x");
        yield return (X - -Y, "x + y");
        yield return (-X * -Y, "x * y");
        yield return (-X / -Y, "x / y");
        yield return (X + 1.0 + 2.0, "x + 1 + 2");
        yield return (Unary(UnaryOp.Abs, -X), "abs(x)");
        yield return (Unary(UnaryOp.Abs, Unary(UnaryOp.Abs, X)), "abs(x)");
        yield return (new Expr.Binary(BinaryOp.Max, X, X), "x");
        yield return (new Expr.MultiplyAdd(X, 1.0, Y), "x + y");
        yield return (new Expr.MultiplyAdd(1.0, X, Y), "x + y");
        yield return (new Expr.MultiplyAdd(X, Y, 0.0), "x * y");
        yield return (new Expr.MultiplyAdd(2.0, 3.0, 4.0), "10");
        yield return (new Expr.Select(Truth.Always, X, Y), "x");
        yield return (new Expr.Select(new Condition.Compare(CompareOp.Less, 2.0, 1.0), X, Y), "y");
        yield return (new Expr.Select(Positive, X, 1.0 * X), "x");
        yield return (new Expr.Select(new Condition.Not(Positive), X, Y), "x > 0 ? y : x");
        yield return (new Expr.Select(Positive, new Expr.Select(Positive, X, Y), 1.0), "x > 0 ? x : 1");
        yield return (new Expr.Select(Positive, X, new Expr.Select(Positive, 1.0, Y)), "x > 0 ? x : y");
        yield return (new Expr.Select(new Condition.And(Truth.Always, Positive), X, Y), "x > 0 ? x : y");
        yield return (new Expr.Select(new Condition.And(Positive, Truth.Never), X, Y), "y");
        yield return (new Expr.Select(new Condition.Or(Truth.Never, Positive), X, Y), "x > 0 ? x : y");
        yield return (new Expr.Select(new Condition.Or(Positive, Truth.Always), X, Y), "x");
        yield return (new Expr.Select(new Condition.And(Positive, Positive), X, Y), "x > 0 ? x : y");
        yield return (new Expr.Select(new Condition.Not(new Condition.Not(Positive)), X, Y), "x > 0 ? x : y");
        yield return (new Expr.Select(new Condition.And(Positive, new Condition.Not(new Condition.Compare(CompareOp.Equal, X, Y))), X, Y), "x > 0 && x != y ? x : y");
        yield return (new Expr.Select(new Condition.And(Positive, new Condition.Not(new Condition.Compare(CompareOp.Less, X, Y))), X, Y), "x > 0 && !(x < y) ? x : y");
    }

    private static void AssertSameValues(Expr tree, Expr simple)
    {
        foreach (double x in Numbers)
        {
            foreach (double y in Numbers)
            {
                double expected = ExprEvaluator.Evaluate(tree, position => position == 0 ? x : y, 3, 5, 16);
                double actual = ExprEvaluator.Evaluate(simple, position => position == 0 ? x : y, 3, 5, 16);

                // Equals: NaN is NaN. A zero may lose its sign, and with it an infinity may (1 / -0).
                Assert.True(
                    expected.Equals(actual) || (double.IsInfinity(expected) && double.IsInfinity(actual)),
                    $"{ExprText.Of(tree)} -> {ExprText.Of(simple)} at x = {x}, y = {y}: {expected} became {actual}");
            }
        }
    }

    private static Expr.Unary Unary(UnaryOp op, Expr a) => new Expr.Unary(op, a);
}
