using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <summary>What came of one dense layer: a spec, or errors; and warnings either way.</summary>
internal readonly record struct DenseParseResult(DenseSpec? Spec, EquatableArray<DiagnosticInfo> Diagnostics);

/// <summary>The way from a class with <c>[DenseLayer]</c> to its <see cref="DenseSpec"/>, for generator and analyzer alike.</summary>
internal sealed class DenseParser
{
    public const string Attribute = "DenseLayerAttribute";
    public const string AttributeMetadataName = Systems.Namespace + "." + Attribute;

    public const string ShortName = "DenseLayer";

    private static readonly string[] Norms = { "None", "SimpleRms" };

    private readonly INamedTypeSymbol _type;
    private readonly Compilation _compilation;
    private readonly Findings _findings;
    private readonly AttributeArguments _arguments;
    private readonly CancellationToken _cancellation;

    private DenseParser(INamedTypeSymbol type, AttributeData attribute, Compilation compilation, Findings findings, CancellationToken cancellation)
    {
        (_type, _compilation, _findings, _cancellation) = (type, compilation, findings, cancellation);
        _arguments = new AttributeArguments(attribute, findings, cancellation);
    }

    public static bool IsDense(AttributeData attribute) => Systems.IsOurs(attribute.AttributeClass, Attribute);

    /// <param name="type">The class.</param>
    /// <param name="attribute">Its attribute.</param>
    /// <param name="compilation">Where the body of an activation is looked up.</param>
    /// <param name="isQuiet">Only the spec is wanted.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static DenseParseResult Parse(INamedTypeSymbol type, AttributeData attribute, Compilation compilation, bool isQuiet, CancellationToken cancellation)
    {
        Findings findings = new(isQuiet);
        DenseSpec? spec = new DenseParser(type, attribute, compilation, findings, cancellation).Parse(attribute);
        return new DenseParseResult(findings.IsUnfit ? null : spec, findings.ToArray());
    }

    private DenseSpec? Parse(AttributeData attribute)
    {
        Placement.Check(_type, _compilation, _findings, _cancellation);
        DenseArguments.CheckAlone(_type, attribute, ShortName, _findings, _cancellation);
        TypeIdentity identity = TypeIdentityReader.Read(_type);
        MemberNames.Check(_type, identity, GeneratedMembers.OfDense, _findings);
        if (!_arguments.AreWellFormed())
        {
            _findings.Reject();
            return null;
        }

        DenseArguments dense = new(_arguments, _findings, ShortName);
        int inputs = dense.Width("Inputs"), outputs = dense.Width("Outputs");
        bool bias = _arguments.Boolean("Bias", false), gated = _arguments.Boolean("Gated", false);
        ElementType elementType = dense.ElementType();
        DenseInput input = _arguments.Enum("Norm", 0, Norms) == 1 ? DenseInput.SimpleRms : DenseInput.Plain;
        double epsilon = dense.NormEpsilon(elementType, hasNorm: input != DenseInput.Plain);
        int instructionSets = ShapeArguments.InstructionSets(_arguments, _findings);
        if (Activation(elementType) is not { } activation || _findings.IsUnfit)
            return null;
        return new DenseSpec
        {
            Type = identity,
            Equation = Equation(activation, bias, gated, input, epsilon),
            Inputs = inputs,
            Outputs = outputs,
            HasBias = bias,
            IsGated = gated,
            Activation = activation,
            Input = input,
            NormEpsilon = epsilon,
            ElementType = elementType,
            InstructionSets = instructionSets,
        };
    }

    private Expr? Activation(ElementType elementType)
    {
        const string Argument = "Activation";
        IMethodSymbol[] methods = FeatureMapMethod.In(_type).ToArray();
        if (methods.Length == 0)
            return Activations.Of(_arguments.Enum(Argument, 0, Activations.Names));
        if (_arguments.Has(Argument))
            _findings.Add(Diagnostics.ActivationTwice, _arguments.LocationOf(Argument), methods[0].Name, "the argument Activation");
        foreach (IMethodSymbol method in methods.Skip(1))
            _findings.Add(Diagnostics.ActivationTwice, method.Locations[0], methods[0].Name, $"'{method.Name}'");
        Expr? map = FeatureMapMethod.Read(methods[0], elementType, _compilation, _findings, _cancellation);
        if (map is not null && !_findings.IsQuiet)
            MapAnalysis.Check(map, methods[0].Name, elementType, isNormalized: false, methods[0].Locations[0], _findings);
        return map;
    }

    private static string Equation(Expr activation, bool bias, bool gated, DenseInput input, double epsilon)
    {
        string h = input == DenseInput.Plain ? "x" : "h", first = gated ? "1" : "";
        string z = $"{h} W{first}^T{(bias ? " + b" + first : "")}";
        string f = activation is Expr.Arg ? (gated || bias ? $"({z})" : z) : ExprText.Of(activation, _ => "z");
        string y = gated ? $"y = {f} o ({h} W2^T{(bias ? " + b2" : "")})" : $"y = {(activation is Expr.Arg ? z : f)}";
        return y + (activation is Expr.Arg ? "" : $", z = {z}") + (input == DenseInput.Plain ? "" : $", h = x / sqrt(mean(x^2) + {NumberText.Of(epsilon)})");
    }
}
