using System.Globalization;
using KernelGen.Generator.Expressions;

namespace KernelGen.Generator.Tests;

public class ExprTextTests
{
    private static readonly Expr X = new Expr.Arg(0);
    private static readonly Expr Y = new Expr.Arg(1);

    [Fact]
    public void Of_Grouping_IsKept()
    {
        Assert.Equal("(x + y) * x", ExprText.Of((X + Y) * X));
        Assert.Equal("x - (y - x)", ExprText.Of(X - (Y - X)));
        Assert.Equal("x - y - x", ExprText.Of(X - Y - X));
        Assert.Equal("x / (y * x)", ExprText.Of(X / (Y * X)));
        Assert.Equal("-(x + y)", ExprText.Of(-(X + Y)));
        Assert.Equal("x * -1", ExprText.Of(X * -1.0));
        Assert.Equal("max(x, y - 1)", ExprText.Of(new Expr.Binary(BinaryOp.Max, X, Y - 1.0)));
        Assert.Equal("row <= column ? chunkEnd : x3", ExprText.Of(new Expr.Select(
            new Condition.Compare(CompareOp.LessOrEqual, new Expr.Index(Axis.Row), new Expr.Index(Axis.Column)), new Expr.ChunkEnd(), new Expr.Arg(3))));
        Assert.Equal("q + k", ExprText.Of(X + Y, position => position == 0 ? "q" : "k"));
        Condition less = new Condition.Compare(CompareOp.Less, X, Y);
        Assert.Equal("(x < y || x < y) && !(x < y)", ExprText.Of(new Condition.And(new Condition.Or(less, less), new Condition.Not(less))));
        Assert.Equal("(x < y ? x : y) + 1", ExprText.Of(new Expr.Select(less, X, Y) + 1.0));
    }

    [Theory]
    [InlineData(0.5, "0.5")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.1f, "0.1f")]
    [InlineData(1.0 / 3, "0.3333333333333333")]
    [InlineData(1e-6, "1E-06")]
    [InlineData(-0.0, "-0")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    [InlineData(float.MaxValue, "3.4028235E+38f")]
    [InlineData(double.MaxValue, "1.7976931348623157E+308")]
    public void Number_IsShortestThatReadsBack(double value, string text) => Assert.Equal(text, NumberText.Of(value));

    [Fact]
    public void Number_OfAnyBits_ReadsBack()
    {
        Random random = new(7);
        for (int i = 0; i < 5000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (!double.IsFinite(value))
                continue;
            Assert.Equal(value, double.Parse(NumberText.Of(value), CultureInfo.InvariantCulture));
            float single = (float)value;
            if (float.IsFinite(single))
                Assert.Equal(single, float.Parse(NumberText.Of(single).TrimEnd('f'), CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Of_SimplifiedTrees_DifferInTextWhereTheyDiffer()
    {
        Random random = new(11);
        Dictionary<string, Expr> seen = [];
        for (int i = 0; i < 3000; i++)
        {
            Expr tree = Simplify.Of(RandomTrees.Next(random, depth: 4));
            if (!seen.TryAdd(ExprText.Of(tree), tree))
                Assert.Equal(seen[ExprText.Of(tree)], tree);
        }
    }

    [Fact]
    public void Of_OtherCulture_IsInvariant()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Cultures.Odd;
        try
        {
            Assert.Equal("x * -0.5 + -1.25", ExprText.Of((X * -0.5) + -1.25));
            Assert.Equal("x10", ExprText.Of(new Expr.Arg(10)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
