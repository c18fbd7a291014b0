using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Frontend;

/// <summary>The values of <c>KernelGen.FeatureMap</c> as expressions.</summary>
internal static class BuiltInMaps
{
    public const int EluPlusOne = 0;
    public const int Identity = 1;

    /// <summary>max(x, 0): the default of a system whose attribute names no map.</summary>
    public const int Relu = -1;

    public static IReadOnlyList<string> Names { get; } = new[] { "EluPlusOne", "Identity" };

    /// <summary>The map of one enum value; null where the enum has no such value.</summary>
    public static Expr? Of(int value)
    {
        Expr x = new Expr.Arg(0);
        return value switch
        {
            EluPlusOne => new Expr.Select(new Condition.Compare(CompareOp.Greater, x, 0.0), x + 1.0, Expr.Exp(x)),
            Identity => x,
            Relu => new Expr.Binary(BinaryOp.Max, x, 0.0),
            _ => null,
        };
    }

    /// <summary>A pointwise map as stages: none for the identity.</summary>
    public static EquatableArray<FeatureStage> Stages(Expr map) => map is Expr.Arg { Position: 0 }
        ? EquatableArray<FeatureStage>.Empty
        : new[] { Stage(map, "x") };

    /// <summary>A pointwise map as one stage, its argument called <paramref name="argument"/>.</summary>
    public static FeatureStage Stage(Expr map, string argument) => new FeatureStage.Pointwise(map, ExprText.Of(map, _ => argument));
}
