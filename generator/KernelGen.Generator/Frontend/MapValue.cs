using KernelGen.Generator.Expressions;

namespace KernelGen.Generator.Frontend;

/// <summary>What a C# expression in a map stands for: a number, a truth value, or nothing that could be read.</summary>
internal readonly record struct MapValue(Expr? Number, Condition? Truth)
{
    public static MapValue Unknown => default;

    public bool IsUnknown => Number is null && Truth is null;

    public static implicit operator MapValue(Expr number) => new(number, null);

    public static implicit operator MapValue(Condition truth) => new(null, truth);

    /// <summary><paramref name="a"/> where <paramref name="test"/> holds, otherwise <paramref name="b"/>; unknown where they are not of one kind.</summary>
    public static MapValue Select(Condition test, MapValue a, MapValue b)
    {
        if (a.Number is { } x && b.Number is { } y)
            return x.Equals(y) ? a : new Expr.Select(test, x, y);
        if (a.Truth is { } p && b.Truth is { } q)
            return p.Equals(q) ? a : Simplify.Of(new Condition.Or(new Condition.And(test, p), new Condition.And(new Condition.Not(test), q)));
        return Unknown;
    }

    public bool Exceeds(int nodes) =>
        (Number is not null && ExprSize.Exceeds(Number, nodes)) || (Truth is not null && ExprSize.Exceeds(Truth, nodes));
}
