using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <summary>What came of one declaration: a spec, or errors; and warnings either way.</summary>
internal readonly record struct ParseResult(KernelSpec? Spec, EquatableArray<DiagnosticInfo> Diagnostics);

/// <summary>
/// The way from an attributed class to its <see cref="KernelSpec"/>. Generator and analyzer both take it, the one for the spec and the other
/// for the findings, so that they cannot disagree.
/// </summary>
internal sealed class DeclarationParser
{
    private readonly INamedTypeSymbol _type;
    private readonly SystemRow _row;
    private readonly Compilation _compilation;
    private readonly Findings _findings;
    private readonly AttributeArguments _arguments;
    private readonly CancellationToken _cancellation;

    private DeclarationParser(
        INamedTypeSymbol type, AttributeData attribute, SystemRow row, Compilation compilation, Findings findings, CancellationToken cancellation)
    {
        _type = type;
        _row = row;
        _compilation = compilation;
        _findings = findings;
        _arguments = new AttributeArguments(attribute, findings, cancellation);
        _cancellation = cancellation;
    }

    /// <param name="type">The class.</param>
    /// <param name="attribute">Its attention attribute.</param>
    /// <param name="row">The attribute's row in the table of systems.</param>
    /// <param name="compilation">Where the bodies of maps are looked up.</param>
    /// <param name="isQuiet">Only the spec is wanted.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static ParseResult Parse(
        INamedTypeSymbol type, AttributeData attribute, SystemRow row, Compilation compilation, bool isQuiet, CancellationToken cancellation)
    {
        Findings findings = new(isQuiet);
        DeclarationParser parser = new(type, attribute, row, compilation, findings, cancellation);
        KernelSpec? spec = parser.Parse(attribute);
        return new ParseResult(findings.IsUnfit ? null : spec, findings.ToArray());
    }

    private bool HasGpu => _compilation.GetTypeByMetadataName("KernelGen.Gpu.GpuAttention`1") is not null;

    private KernelSpec? Parse(AttributeData attribute)
    {
        Placement.Check(_type, _compilation, _findings, _cancellation);
        CheckOtherSystems(attribute);
        TypeIdentity identity = TypeIdentityReader.Read(_type);
        MemberNames.Check(_type, identity, HasGpu ? GeneratedMembers.WithGpu : GeneratedMembers.All, _findings);
        if (!_arguments.AreWellFormed())
        {
            _findings.Reject();
            return null;
        }

        if (_findings is { IsUnfit: true, IsQuiet: true })
            return null;

        ShapeArguments shape = ShapeArguments.Read(_arguments, _row, _findings);
        Normalizer? normalizer = WeightArguments.Normalizer(_arguments, _row, shape.Causal, _findings);
        double scale = WeightArguments.Scale(_arguments, shape.ElementType, _findings);
        DecayKind decay = WeightArguments.Decay(_arguments, _row, shape.Causal, _findings);
        int instructionSets = ShapeArguments.InstructionSets(_arguments, _findings);
        FeatureArguments? features = _row.Features(_arguments, shape, _findings);
        bool readsMap = features is not { TakesMap: false };
        Expr? map = ReadMap(shape.ElementType, readsMap && normalizer is not null, readsMap && _row.AllowsUserMap);
        if (map is null || _findings.IsUnfit)
            return null;

        (EquatableArray<FeatureStage> queryMap, EquatableArray<FeatureStage> keyMap) = features is null ? (BuiltInMaps.Stages(map), BuiltInMaps.Stages(map)) : features.Stages(map);
        return new KernelSpec
        {
            Type = identity,
            System = _row.Name,
            Equation = _row.Equation(keyMap, scale, normalizer, decay, shape.Causal),
            Plan = _row.Plan,
            HeadDim = shape.HeadDim,
            ValueDim = shape.ValueDim,
            Causal = shape.Causal,
            ChunkSize = shape.ChunkSize != ShapeArguments.Auto
                ? shape.ChunkSize
                : ChunkRule.Choose(features?.Width ?? shape.HeadDim, shape.ValueDim, shape.ElementType, decay, normalizer),
            ElementType = shape.ElementType,
            Storage = shape.Storage,
            QueryMap = queryMap,
            KeyMap = keyMap,
            Scale = scale,
            Normalizer = normalizer,
            Decay = decay,
            InstructionSets = instructionSets,
            HasGpu = HasGpu,
        };
    }

    private void CheckOtherSystems(AttributeData attribute)
    {
        SystemRow? first = null;
        foreach (AttributeData other in _type.GetAttributes())
        {
            if (Systems.RowOf(other) is not { } row)
                continue;
            if (first is null)
            {
                first = row;
                continue;
            }

            // Told once, at the later attribute; no class is generated for either.
            if (row == _row && first != _row)
                _findings.Add(Diagnostics.SeveralSystems, LocationOf(attribute), _type.Name, first.ShortName, row.ShortName);
            _findings.Reject();
        }
    }

    private Expr? ReadMap(ElementType elementType, bool isNormalized, bool allowsUserMap)
    {
        const string Argument = "FeatureMap";
        IMethodSymbol[] methods = FeatureMapMethod.In(_type).ToArray();
        if (methods.Length > 0 && !allowsUserMap)
        {
            foreach (IMethodSymbol method in methods)
                _findings.Add(Diagnostics.FeatureMapNotUsed, method.Locations[0], _row.ShortName, method.Name);
            return null;
        }

        foreach (IMethodSymbol method in methods.Skip(1))
            _findings.Add(Diagnostics.SeveralFeatureMaps, method.Locations[0], _type.Name, methods[0].Name, method.Name);

        Expr? map;
        string name;
        Location where;
        if (methods.Length > 0)
        {
            if (_arguments.Has(Argument))
                _findings.Add(Diagnostics.FeatureMapTwice, _arguments.LocationOf(Argument), methods[0].Name);
            map = FeatureMapMethod.Read(methods[0], elementType, _compilation, _findings, _cancellation);
            name = methods[0].Name;
            where = methods[0].Locations[0];
        }
        else
        {
            int value = _arguments.Has(Argument) ? _arguments.Enum(Argument, _row.DefaultMap, BuiltInMaps.Names) : _row.DefaultMap;
            map = BuiltInMaps.Of(value);
            name = "phi";
            where = _arguments.LocationOf(Argument);
        }

        if (map is not null && !_findings.IsQuiet)
            MapAnalysis.Check(map, name, elementType, isNormalized, where, _findings);
        return map;
    }

    private Location LocationOf(AttributeData attribute) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(_cancellation).GetLocation() ?? _type.Locations[0];
}
