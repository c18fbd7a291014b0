using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;

namespace KernelGen.Generator.Frontend;

/// <summary>The arguments that say how a pair of tokens is weighed: normaliser, scale and decay.</summary>
internal static class WeightArguments
{
    private static readonly string[] EpsilonRules = { "Denominator", "Sums", "Guard", "Floor", "AbsoluteFloor" };

    private static readonly string[] Decays = { "None", "PerHead", "LightningSlopes", "PerToken", "Convex" };

    public static Normalizer? Normalizer(AttributeArguments arguments, SystemRow row, bool causal, Findings findings)
    {
        const string Name = "Epsilon";
        if (row.DefaultNormalizer is not { } otherwise)
            return null;
        double epsilon = arguments.Double(Name, otherwise.Epsilon);
        if (!(epsilon >= 0) || double.IsInfinity(epsilon))
            findings.Add(Diagnostics.InvalidEpsilon, arguments.LocationOf(Name), NumberText.Of(epsilon));
        EpsilonRule rule = (EpsilonRule)arguments.Enum("EpsilonRule", (int)(causal ? otherwise.Rule : row.DefaultFreeRule ?? otherwise.Rule), EpsilonRules);
        if (arguments.Boolean("Normalize", true))
            return new Normalizer(epsilon, rule);
        if (arguments.Has(Name))
            findings.Add(Diagnostics.EpsilonNotUsed, arguments.LocationOf(Name));
        return null;
    }

    public static double Scale(AttributeArguments arguments, ElementType elementType, Findings findings)
    {
        const string Name = "Scale";
        double scale = arguments.Double(Name, 1);

        // As the kernels will have it: 1e-50 is a 0 in float.
        double rounded = elementType == ElementType.Float32 ? (float)scale : scale;
        if (double.IsNaN(rounded) || double.IsInfinity(rounded) || rounded == 0)
            findings.Add(Diagnostics.InvalidScale, arguments.LocationOf(Name), NumberText.Of(scale));
        return scale;
    }

    public static DecayKind Decay(AttributeArguments arguments, SystemRow row, bool causal, Findings findings)
    {
        const string Name = "Decay";
        DecayKind decay = (DecayKind)arguments.Enum(Name, (int)row.DefaultDecay, Decays);
        if (decay != DecayKind.None && !causal && row.AllowsNonCausal)
            findings.Add(Diagnostics.DecayNeedsCausal, arguments.LocationOf(Name), Name + "." + decay);
        return decay;
    }
}
