using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Frontend;

/// <summary>The mathematics of a declaration in one line of plain text.</summary>
internal static class Equations
{
    public static string KernelState(
        EquatableArray<FeatureStage> map, double scale, Normalizer? normalizer, DecayKind decay, bool causal)
    {
        string weight = map.Count == 0 ? "(q_t.k_s)" : "(phi(q_t).phi(k_s))";
        weight = decay switch
        {
            DecayKind.None => weight,
            DecayKind.PerToken => "exp(g_{s+1} + ... + g_t) " + weight,
            DecayKind.Convex => "(1 - exp(g_s)) exp(g_{s+1} + ... + g_t) " + weight,
            _ => "exp(-slope (t - s)) " + weight,
        };
        if (scale != 1)
            weight = NumberText.Of(scale) + " " + weight;
        string sum = causal ? "sum_{s <= t} " : "sum_s ";
        string equation = "o_t = " + sum + weight + " v_s";
        if (normalizer is not null)
            equation += " / " + normalizer.Text(sum + weight);
        string argument = map.Any(stage => stage is FeatureStage.Projection) ? "u" : "x";
        foreach (FeatureStage stage in map)
            equation += ", " + (stage switch { FeatureStage.Projection => "", FeatureStage.UnitRows => "x <- ", FeatureStage.Exponential => "phi(k) = ", _ => $"phi({argument}) = " }) + stage.Text;

        return equation;
    }
}
