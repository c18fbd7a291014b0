using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Plans;

/// <summary>Feature stages as expressions of one element (operand 0).</summary>
internal static class FeatureMaps
{
    /// <summary>The whole map as one expression of operand 0, or operand 0 itself where there is no stage.</summary>
    public static Expr Pointwise(EquatableArray<FeatureStage> stages)
    {
        Expr value = new Expr.Arg(0);
        foreach (FeatureStage stage in stages)
        {
            value = stage switch
            {
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
        stages.Count == 0 ? "x" : string.Join(" then ", stages.Select(s => s is FeatureStage.Pointwise p ? p.Text : s.GetType().Name));
}
