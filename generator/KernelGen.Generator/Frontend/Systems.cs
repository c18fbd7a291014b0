using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <summary>
/// The table of systems: one row an attribute. Everything that sets one declaration apart from another before a plan is chosen stands
/// here; a row's defaults are those of its attribute's properties.
/// </summary>
internal static class Systems
{
    public static IReadOnlyList<SystemRow> All { get; } = new[]
    {
        new SystemRow
        {
            Attribute = "LinearAttentionAttribute",
            Name = "linear_transformer",
            Equation = Equations.KernelState,
            Plan = PlanKind.KernelState,
            AllowsNonCausal = true,
            DefaultMap = BuiltInMaps.EluPlusOne,
            AllowsUserMap = true,
            DefaultNormalizer = new Normalizer(1e-6),
            DefaultDecay = DecayKind.None,
        },
        new SystemRow
        {
            Attribute = "LightningAttentionAttribute",
            Name = "lightning2",
            Equation = Equations.KernelState,
            Plan = PlanKind.KernelState,
            AllowsNonCausal = false,
            DefaultMap = BuiltInMaps.Identity,
            AllowsUserMap = false,
            DefaultNormalizer = null,
            DefaultDecay = DecayKind.LightningSlopes,
        },
        new SystemRow
        {
            Attribute = "PerformerAttentionAttribute",
            Name = "performer",
            Equation = Equations.KernelState,
            Plan = PlanKind.KernelState,
            AllowsNonCausal = true,
            DefaultMap = BuiltInMaps.Relu,
            AllowsUserMap = true,
            DefaultNormalizer = new Normalizer(1e-6),
            DefaultDecay = DecayKind.None,
            Features = (arguments, shape, findings) => PerformerArguments.Read(arguments, shape.HeadDim, shape.Causal, findings),
        },
        new SystemRow
        {
            Attribute = "RandomFeatureAttentionAttribute",
            Name = "rfa",
            Equation = Equations.KernelState,
            Plan = PlanKind.KernelState,
            AllowsNonCausal = true,
            DefaultMap = BuiltInMaps.Identity,
            AllowsUserMap = false,
            DefaultNormalizer = new Normalizer(1, EpsilonRule.Floor),
            DefaultFreeRule = EpsilonRule.AbsoluteFloor,
            DefaultDecay = DecayKind.None,
            Features = (arguments, shape, findings) => RandomFeatureArguments.Read(arguments, shape.HeadDim, findings),
        },
        new SystemRow
        {
            Attribute = "HedgehogAttentionAttribute",
            Name = "hedgehog",
            Equation = Equations.KernelState,
            Plan = PlanKind.KernelState,
            AllowsNonCausal = true,
            DefaultMap = BuiltInMaps.Identity,
            AllowsUserMap = false,
            DefaultNormalizer = new Normalizer(1e-12),
            DefaultDecay = DecayKind.None,
            Features = (arguments, shape, findings) => HedgehogArguments.Read(arguments, shape.HeadDim, findings),
        },
    };

    /// <summary>Namespace of every attribute.</summary>
    public const string Namespace = "KernelGen";

    public const string FeatureMapAttribute = "FeatureMapAttribute";

    /// <summary>The row of an attribute; null where it is not an attention attribute.</summary>
    public static SystemRow? RowOf(AttributeData attribute) => All.FirstOrDefault(row => IsOurs(attribute.AttributeClass, row.Attribute));

    /// <summary>Whether <paramref name="type"/> is the attribute class <paramref name="name"/> of the runtime library.</summary>
    public static bool IsOurs(INamedTypeSymbol? type, string name) => type is not null
        && type.Name == name
        && type.ContainingNamespace is { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true }
        && type.ContainingType is null;
}

/// <summary>One system as its attribute declares it.</summary>
internal sealed record SystemRow
{
    /// <summary>Name of the attribute class in <see cref="Systems.Namespace"/>.</summary>
    public required string Attribute { get; init; }

    public string AttributeMetadataName => Systems.Namespace + "." + Attribute;

    /// <summary>The attribute as a user writes it.</summary>
    public string ShortName => Attribute.Substring(0, Attribute.Length - "Attribute".Length);

    /// <summary>Identity of the system in headers and saved states.</summary>
    public required string Name { get; init; }

    /// <summary>The mathematics in one line, of (map, scale, normaliser, decay, causal).</summary>
    public required Func<EquatableArray<FeatureStage>, double, Normalizer?, DecayKind, bool, string> Equation { get; init; }

    public required PlanKind Plan { get; init; }

    /// <summary>Whether <c>Causal = false</c> has a meaning.</summary>
    public required bool AllowsNonCausal { get; init; }

    /// <summary>The built-in map where the declaration names none (<see cref="BuiltInMaps"/>).</summary>
    public required int DefaultMap { get; init; }

    /// <summary>Whether the class may bring a map of its own.</summary>
    public required bool AllowsUserMap { get; init; }

    /// <summary>The normaliser where the declaration says nothing; null where the system has none.</summary>
    public required Normalizer? DefaultNormalizer { get; init; }

    public required DecayKind DefaultDecay { get; init; }

    /// <summary>What the eps does where every query sees every key, if that is another rule.</summary>
    public EpsilonRule? DefaultFreeRule { get; init; }

    /// <summary>Features that are more than a pointwise map; null where the map is all.</summary>
    public Func<AttributeArguments, ShapeArguments, Findings, FeatureArguments?> Features { get; init; } = (_, _, _) => null;
}
