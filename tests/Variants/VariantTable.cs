namespace KernelGen.Variants;

/// <summary>
/// Declarations that between them reach every form the compiler has: the plans' branches, every element type, built-in and own maps, rows that fill
/// vectors and rows that do not, automatic and given chunks.
/// </summary>
internal static class VariantTable
{
    private static readonly Dictionary<string, string> s_declarations = new(StringComparer.Ordinal)
    {
        ["EluCausal"] = Class("EluCausal", "LinearAttention(HeadDim = 64)"),
        ["EluNonCausal"] = Class("EluNonCausal", "LinearAttention(HeadDim = 64, Causal = false)"),
        ["EluCross"] = Class("EluCross", "LinearAttention(HeadDim = 64, ValueDim = 48, Causal = false, Scale = 0.125)"),
        ["OwnMap"] = Class("OwnMap", "LinearAttention(HeadDim = 64)", """
            [FeatureMap]
            private static float Phi(float x)
            {
                float tail = MathF.Exp(MathF.Min(x, 0f));
                return x < 0f ? tail : 1f + x + 0.5f * x * x;
            }
            """),
        ["Lightning"] = Class("Lightning", "LightningAttention(HeadDim = 64)"),
        ["DecayPerHead"] = Class("DecayPerHead", "LinearAttention(HeadDim = 64, Decay = Decay.PerHead)"),
        ["DecayPerToken"] = Class("DecayPerToken", "LinearAttention(HeadDim = 32, ValueDim = 24, Decay = Decay.PerToken)"),
        ["PerformerStrict"] = Class("PerformerStrict", "PerformerAttention(HeadDim = 16, Features = 40)"),
        ["PerformerPublished"] = Class("PerformerPublished", "PerformerAttention(HeadDim = 16, Features = 40, Causal = false, Epsilon = 0)"),
        ["PerformerGeneralized"] = Class("PerformerGeneralized", "PerformerAttention(HeadDim = 16, Features = 24, Kernel = PerformerKernel.Generalized, EpsilonRule = EpsilonRule.Sums)"),
        ["PerformerTrigonometric"] = Class("PerformerTrigonometric", "PerformerAttention(HeadDim = 16, Features = 20, Kernel = PerformerKernel.Trigonometric, EpsilonRule = EpsilonRule.Floor)"),
        ["RandomFeatureConvex"] = Class("RandomFeatureConvex", "RandomFeatureAttention(HeadDim = 16, Features = 20, Decay = Decay.Convex)"),
        ["HedgehogSoftmax"] = Class("HedgehogSoftmax", "HedgehogAttention(HeadDim = 16, Features = 12, Bias = true)"),
        ["IdentityUnnormalized"] = Class("IdentityUnnormalized", "LinearAttention(HeadDim = 64, FeatureMap = FeatureMap.Identity, Normalize = false)"),
        ["EluFloat64"] = Class("EluFloat64", "LinearAttention(HeadDim = 32, DType = DType.Float64)"),
        ["EluBFloat16"] = Class("EluBFloat16", "LinearAttention(HeadDim = 24, DType = DType.BFloat16)"),
        ["EluOdd"] = Class("EluOdd", "LinearAttention(HeadDim = 7, ValueDim = 13)"),
        ["EluChunk64"] = Class("EluChunk64", "LinearAttention(HeadDim = 128, ChunkSize = 64)"),
    };

    public static IReadOnlyCollection<string> Names => s_declarations.Keys;

    /// <summary>C# source of one declaration.</summary>
    public static string Source(string name) => s_declarations[name];

    /// <summary>A file with one declared class in namespace <c>Declared</c>.</summary>
    public static string Class(string name, string attribute, string members = "") => $$"""
        using System;
        using KernelGen;

        namespace Declared;

        [{{attribute}}]
        public static partial class {{name}}
        {
            {{members}}
        }
        """;
}
