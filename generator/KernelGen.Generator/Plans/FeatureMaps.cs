using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Plans;

/// <summary>Feature stages as expressions of one element (operand 0).</summary>
internal static class FeatureMaps
{
    /// <summary>
    /// The whole map as one expression of operand 0 (x, or u where it is projected) and, where squares are subtracted, operand 1, their half, and operand 2, the stabiliser; operand 0 itself where there
    /// is no stage.
    /// </summary>
    public static Expr Pointwise(EquatableArray<FeatureStage> stages)
    {
        Expr value = new Expr.Arg(0);
        foreach (FeatureStage stage in stages)
        {
            value = stage switch
            {
                FeatureStage.UnitRows or FeatureStage.Projection => value,
                FeatureStage.Exponential exponential => Exponential(exponential, exponential.Stabilizer == Stabilizer.None ? value - new Expr.Arg(1) : value - new Expr.Arg(1) - new Expr.Arg(2)),
                FeatureStage.Pointwise pointwise => Substitution.ReplaceArg(pointwise.Map, 0, value),
                _ => throw new InvalidOperationException($"stage {stage.GetType().Name} is not pointwise"),
            };
        }

        return value;
    }

    /// <summary>The map, and a factor on what it gives.</summary>
    public static Expr Scaled(EquatableArray<FeatureStage> stages, double scale) => scale == 1.0 ? Pointwise(stages) : Pointwise(stages) * scale;

    /// <summary>The map as a reader would write it.</summary>
    public static string Describe(EquatableArray<FeatureStage> stages) =>
        stages.Count == 0 ? "x" : string.Join(" then ", stages.Select(s => s.Text));

    /// <summary>r exp(v) + r eps: the derivative shares the exp.</summary>
    private static Expr Exponential(FeatureStage.Exponential stage, Expr value)
    {
        Expr exp = stage.Ratio == 1.0 ? Expr.Exp(value) : Expr.Exp(value) * stage.Ratio;
        return stage.Epsilon == 0 ? exp : exp + (stage.Ratio * stage.Epsilon);
    }
}
