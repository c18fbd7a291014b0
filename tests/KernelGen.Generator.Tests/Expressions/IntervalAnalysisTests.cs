using KernelGen.Generator.Expressions;

namespace KernelGen.Generator.Tests;

public class IntervalAnalysisTests
{
    private static readonly Expr X = new Expr.Arg(0);
    private static readonly Interval Input = new(-100, 100);

    [Fact]
    public void Range_KnownMaps_IsTight()
    {
        Condition positive = new Condition.Compare(CompareOp.Greater, X, 0.0);
        Assert.Equal(new Interval(0, 101), Round(new Expr.Select(positive, X + 1.0, Expr.Exp(X))));
        Assert.Equal(new Interval(0, 101), Round(new Expr.Select(new Condition.Compare(CompareOp.Less, 0.0, X), X + 1.0, Expr.Exp(X))));
        Assert.Equal(new Interval(0, 101), Round(new Expr.Select(new Condition.Not(positive), Expr.Exp(X), X + 1.0)));
        Assert.Equal(new Interval(0, 10000), Round(X * X));
        Assert.Equal(new Interval(-1, 1), Round(new Expr.Unary(UnaryOp.Sin, X)));
        Assert.Equal(new Interval(0, 100), Round(new Expr.Unary(UnaryOp.Abs, X)));
        Assert.Equal(new Interval(0, 100), Round(new Expr.Binary(BinaryOp.Max, X, 0.0)));
        Assert.Equal(new Interval(-1, 2), Round(Compositions.Clamp(X, -1.0, 2.0)));
        Assert.Equal(Interval.Everything, Round(new Expr.Unary(UnaryOp.Log, X)));
        Assert.Equal(Interval.Everything, Round(1.0 / X));
        Assert.Equal(new Interval(-100, -1), Round(new Expr.Select(new Condition.And(positive, new Condition.Compare(CompareOp.Less, X, -1.0)), 5.0, new Expr.Binary(BinaryOp.Min, X, -1.0))));
    }

    [Fact]
    public void Range_RandomTrees_HoldsEveryValue()
    {
        Random random = new(3);
        for (int i = 0; i < 3000; i++)
        {
            Expr tree = RandomTrees.Next(random, depth: 5);
            Interval range = IntervalAnalysis.Range(tree, Input);
            for (int j = 0; j < 20; j++)
            {
                double x = j < 5 ? j - 2 : (random.NextDouble() * 200) - 100;
                double value = ExprEvaluator.Evaluate(tree, position => position == 0 ? x : 0.25, 0, 0, 0);
                double slack = double.IsFinite(value) ? 1e-12 * Math.Abs(value) : 0;
                Assert.True(
                    double.IsNaN(value) ? range.MayBeNaN : range.Lower <= value + slack && range.Upper >= value - slack,
                    $"{ExprText.Of(tree)} at {x}: {value} is not in {range}");
            }
        }
    }

    private static Interval Round(Expr map)
    {
        Interval range = IntervalAnalysis.Range(map, Input);
        return range with { Lower = Math.Round(range.Lower, 6), Upper = Math.Round(range.Upper, 6) };
    }
}
