using System.Text;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

/// <summary>
/// The identity of a declaration's mathematics, which saved states carry: two declarations with the same text may exchange states, so
/// everything that a state depends on is in it, and nothing else (no class name, no instruction set, no format that tensors are merely stored in).
/// </summary>
internal static class VariantText
{
    public static string Of(KernelSpec spec)
    {
        var text = new StringBuilder(spec.System);
        text.Append("; phi(q) = ").Append(Map(spec.QueryMap)).Append("; phi(k) = ").Append(Map(spec.KeyMap));
        text.Append("; D = ").Append(CodeWriter.Text(spec.HeadDim)).Append("; E = ").Append(CodeWriter.Text(spec.ValueDim));
        text.Append("; C = ").Append(CodeWriter.Text(spec.ChunkSize)).Append("; ").Append(SurfaceNames.DType(spec.ElementType));
        text.Append(spec.Causal ? "; causal" : "; not causal").Append("; decay ").Append(SurfaceNames.Decay(spec.Decay));
        text.Append("; normaliser ").Append(spec.Normalizer is { } normalizer ? "eps " + CSharpText.RoundTrip(normalizer.Epsilon) + Rule(normalizer.Rule) : "none");
        return text.Append("; scale ").Append(CSharpText.RoundTrip(spec.Scale)).ToString();
    }

    private static string Rule(EpsilonRule rule) => rule switch
    {
        EpsilonRule.Denominator => "",
        EpsilonRule.Sums => " in sums",
        EpsilonRule.Guard => " as guard",
        EpsilonRule.Floor => " as floor",
        _ => " as floor of the absolute value",
    };

    private static string Map(EquatableArray<FeatureStage> stages) =>
        stages.Count == 0 ? "x" : string.Join(" | ", stages.Select(stage => stage.Text));
}
