using KernelGen.Generator.Expressions;

namespace KernelGen.Generator.Tests;

/// <summary>Random trees over operands 0 and 1.</summary>
internal static class RandomTrees
{
    private static readonly double[] Constants = [0, 1, -1, 2, 0.5, -3, 0.1, 4];

    private static readonly BinaryOp[] Rings = [BinaryOp.Add, BinaryOp.Subtract, BinaryOp.Multiply, BinaryOp.Min, BinaryOp.Max];

    public static Expr Next(Random random, int depth, bool divides = true)
    {
        if (depth == 0 || random.Next(8) == 0)
            return random.Next(3) == 0 ? Constants[random.Next(Constants.Length)] : new Expr.Arg(random.Next(2));
        Expr A() => Next(random, depth - 1, divides);
        return random.Next(8) switch
        {
            0 => new Expr.Unary((UnaryOp)random.Next(12), A()),
            1 => -A(),
            2 => new Expr.Select(Test(random, depth - 1, divides), A(), A()),
            3 => new Expr.MultiplyAdd(A(), A(), A()),
            _ => new Expr.Binary(divides ? (BinaryOp)random.Next(6) : Rings[random.Next(Rings.Length)], A(), A()),
        };
    }

    private static Condition Test(Random random, int depth, bool divides) => (depth == 0 ? 0 : random.Next(6)) switch
    {
        1 => new Condition.And(Test(random, depth - 1, divides), Test(random, depth - 1, divides)),
        2 => new Condition.Or(Test(random, depth - 1, divides), Test(random, depth - 1, divides)),
        3 => new Condition.Not(Test(random, depth - 1, divides)),
        _ => new Condition.Compare((CompareOp)random.Next(6), Next(random, depth > 0 ? depth - 1 : 0, divides), Next(random, depth > 0 ? depth - 1 : 0, divides)),
    };
}
