using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <summary>
/// Every rule: KG00xx about the declaration, KG01xx about the feature map's code, KG02xx about shapes, KG03xx about the host project.
/// Each has a section in DIAGNOSTICS.md.
/// </summary>
internal static partial class Diagnostics
{
    private const string Category = "KernelGen";
    private const string Help = "https://github.com/kernelgen/kernelgen/blob/main/generator/DIAGNOSTICS.md#";

    public static readonly DiagnosticDescriptor NotPartial = new(
        "KG0001", "An attention class must be partial",
        "'{0}' must be declared partial: its kernels are generated into it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0001");

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = new(
        "KG0002", "A type that contains an attention class must be partial",
        "'{0}' must be declared partial: it contains the attention class '{1}', which is completed by generated code",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0002");

    public static readonly DiagnosticDescriptor FileLocal = new(
        "KG0003", "An attention class must be reachable from another file",
        "'{0}' is declared 'file': generated code lies in a file of its own and cannot complete it; declare it internal or private instead",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0003");

    public static readonly DiagnosticDescriptor SeveralSystems = new(
        "KG0004", "A class declares one attention",
        "'{0}' already has [{1}]: a class declares one attention; put [{2}] on a class of its own",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0004");

    public static readonly DiagnosticDescriptor SeveralFeatureMaps = new(
        "KG0005", "A class has one feature map",
        "'{0}' already has the feature map '{1}': queries and keys share one map; remove [FeatureMap] from '{2}'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0005");

    public static readonly DiagnosticDescriptor FeatureMapTwice = new(
        "KG0006", "The feature map is given twice",
        "The FeatureMap argument and the method '{0}' both give the feature map; remove the argument to use the method",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0006");

    public static readonly DiagnosticDescriptor StrayFeatureMap = new(
        "KG0007", "A feature map without an attention class",
        "[FeatureMap] on '{0}' has no effect: '{1}' has no attention attribute such as [LinearAttention]",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Help + "kg0007");

    public static readonly DiagnosticDescriptor FeatureMapNotUsed = new(
        "KG0008", "The system has no feature map",
        "[{0}] has no feature map, but '{1}' is marked [FeatureMap]; remove the mark, or declare [LinearAttention]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0008");

    public static readonly DiagnosticDescriptor FeatureMapSignature = new(
        "KG0009", "A feature map has the wrong signature",
        "A feature map of this declaration must be 'static {0} {1}({0} x)', but {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0009");

    public static readonly DiagnosticDescriptor MemberNameTaken = new(
        "KG0010", "A member has the name of a generated one",
        "'{0}' is the name of a generated member of '{1}'; give this member another name",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0010");

    public static readonly DiagnosticDescriptor UndefinedValue = new(
        "KG0011", "An enum argument has no defined value",
        "{0} = {1} is not a value of {2}; use {3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0011");

    public static readonly DiagnosticDescriptor EpsilonNotUsed = new(
        "KG0012", "Epsilon has no effect",
        "Epsilon is only added to a normaliser, and Normalize is false; remove the argument",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Help + "kg0012");

    public static readonly DiagnosticDescriptor DecayNeedsCausal = new(
        "KG0013", "A decay needs causal attention",
        "Decay = {0} fades the past, so it needs Causal = true, but Causal is false; use Decay.None",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0013");

    public static readonly DiagnosticDescriptor AlwaysCausal = new(
        "KG0014", "The system is always causal",
        "[{0}] is causal by definition, but Causal is false; remove the argument, or declare [LinearAttention]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0014");

    public static readonly DiagnosticDescriptor InvalidEpsilon = new(
        "KG0015", "Epsilon is out of range",
        "Epsilon must be finite and at least 0, but is {0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0015");

    public static readonly DiagnosticDescriptor InvalidScale = new(
        "KG0016", "Scale is out of range",
        "Scale must be finite and not 0, but is {0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0016");

    public static readonly DiagnosticDescriptor InvalidFeatureEpsilon = new(
        "KG0017", "A constant of the features is out of range",
        "{0} must be finite and at least 0, but is {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0017");

    public static readonly DiagnosticDescriptor StabilizerNeedsCausal = new(
        "KG0018", "A running maximum needs causal attention",
        "Stabilizer.RunningMaximum is the greatest exponent of the tokens so far, so it needs Causal = true, but Causal is false; use Stabilizer.SequenceMaximum",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0018");

    public static readonly DiagnosticDescriptor StabilizerLeaks = new(
        "KG0019", "A maximum over the sequence leaks the future",
        "Stabilizer.SequenceMaximum lets later keys change earlier outputs (through FeatureEpsilon), and cannot be decoded token by token; use Stabilizer.RunningMaximum, unless published numbers are to be reproduced",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: Help + "kg0019");

    public static readonly DiagnosticDescriptor FeatureArgumentNotUsed = new(
        "KG0020", "An argument has no effect on these features",
        "{0} has no effect: {1} does not use it",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Help + "kg0020");

    public static readonly DiagnosticDescriptor InvalidSmoothing = new(
        "KG0021", "Smoothing is out of range",
        "Smoothing must be a finite number, but is {0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0021");

    public static readonly DiagnosticDescriptor InvalidTemperature = new(
        "KG0022", "Temperature is out of range",
        "Temperature must be a finite number above 0, but is {0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0022");

    public static readonly DiagnosticDescriptor UnsupportedExpression = new(
        "KG0101", "An expression that a feature map cannot use",
        "{0} cannot be part of a feature map; use arithmetic, comparisons, ?:, switch expressions, locals, constants, Math functions and static methods of the same shape",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0101");

    public static readonly DiagnosticDescriptor UnsupportedStatement = new(
        "KG0102", "A statement that a feature map cannot use",
        "{0} cannot be part of a feature map; use locals, assignments to them, if, else and return",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0102");

    public static readonly DiagnosticDescriptor UnsupportedCall = new(
        "KG0103", "A call that has no vector form",
        "{0}; callable are {1}, and static methods with source in this compilation",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0103");

    public static readonly DiagnosticDescriptor Recursion = new(
        "KG0104", "A feature map is recursive",
        "'{0}' calls itself: a feature map is inlined, so it must end; write the recursion out",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0104");

    public static readonly DiagnosticDescriptor UnsupportedType = new(
        "KG0105", "A value of a type that a feature map cannot use",
        "This is of type '{0}', but all that a feature map of a {1} declaration computes is {2} or bool",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0105");

    public static readonly DiagnosticDescriptor CapturedState = new(
        "KG0106", "A feature map reads state",
        "'{0}' is {1}: a feature map depends on its parameter alone; use a const or a local",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0106");

    public static readonly DiagnosticDescriptor UnsupportedExponent = new(
        "KG0107", "An exponent that has no vector form",
        "The exponent of Pow must be a constant k or k + 0.5 from -{0} to {0}, but is {1}; write exp(y * log(x)) where x is positive",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0107");

    public static readonly DiagnosticDescriptor MapTooLarge = new(
        "KG0108", "A feature map is too large",
        "Written out, with locals and calls inlined, '{0}' is deeper than {1} levels or has more than {2} operations; make it simpler",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0108");

    public static readonly DiagnosticDescriptor SwitchNotExhaustive = new(
        "KG0109", "A switch that may fail",
        "A switch in a feature map must end with an arm for everything else ('_ => ...'): a kernel cannot throw",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0109");

    public static readonly DiagnosticDescriptor MapCanBeNegative = new(
        "KG0110", "A normalised feature map can be negative",
        "{0} = {1} is negative, so the sum of the weights can be 0 or negative and outputs unbounded; use a map that is positive everywhere, or Normalize = false",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Help + "kg0110");

    public static readonly DiagnosticDescriptor MapNotFinite = new(
        "KG0111", "A feature map overflows or is undefined",
        "{0} = {1}: one such element spoils a whole output; clamp the argument, or keep inputs away from it",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: Help + "kg0111");

    public static readonly DiagnosticDescriptor ComputedInFloat = new(
        "KG0112", "A double computation is done in float",
        "This is double in C#, but kernels of a Float32 declaration compute it in float; set DType = DType.Float64 for double precision",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: Help + "kg0112");

    public static readonly DiagnosticDescriptor FeatureMapNoBody = new(
        "KG0113", "A feature map has no body",
        "'{0}' has no body to read: it must be written in C# in this compilation, not abstract, extern or only declared",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0113");

    public static readonly DiagnosticDescriptor HeadDimMissing = new(
        "KG0201", "HeadDim is missing",
        "[{0}] needs HeadDim, the width of a query row, from {1} to {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0201");

    public static readonly DiagnosticDescriptor HeadDimRange = new(
        "KG0202", "HeadDim is out of range",
        "HeadDim must be from {0} to {1}, but is {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0202");

    public static readonly DiagnosticDescriptor ValueDimRange = new(
        "KG0203", "ValueDim is out of range",
        "ValueDim must be from {0} to {1}, or 0 for HeadDim, but is {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0203");

    public static readonly DiagnosticDescriptor ChunkSizeRange = new(
        "KG0204", "ChunkSize is out of range",
        "ChunkSize must be Auto (0) or a multiple of {0} from {0} to {1}, but is {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0204");

    public static readonly DiagnosticDescriptor FeaturesRange = new(
        "KG0205", "Features is out of range",
        "Features must be from {0} to {1}, or 0 for D ln D, but is {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0205");

    public static readonly DiagnosticDescriptor LanguageVersion = new(
        "KG0301", "The C# version is too old",
        "Generated code needs C# {0} or later, but this project uses C# {1}; set LangVersion",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0301");

    public static readonly DiagnosticDescriptor NoInstructionSets = new(
        "KG0302", "No instruction set is named",
        "InstructionSets names no instruction set, so only Scalar kernels are generated; name InstructionSets.Scalar if that is meant",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Help + "kg0302");

    private static IReadOnlyList<DiagnosticDescriptor>? s_all;

    // Made when it is first asked for: initialisers of several files run in no order.
    public static IReadOnlyList<DiagnosticDescriptor> All => s_all ??= new[]
    {
        NotPartial,
        ContainingTypeNotPartial,
        FileLocal,
        SeveralSystems,
        SeveralFeatureMaps,
        FeatureMapTwice,
        StrayFeatureMap,
        FeatureMapNotUsed,
        FeatureMapSignature,
        MemberNameTaken,
        UndefinedValue,
        EpsilonNotUsed,
        DecayNeedsCausal,
        AlwaysCausal,
        InvalidEpsilon,
        InvalidScale,
        InvalidFeatureEpsilon,
        StabilizerNeedsCausal,
        StabilizerLeaks,
        FeatureArgumentNotUsed,
        InvalidSmoothing,
        InvalidTemperature,
        DenseWidthMissing,
        DenseWidthRange,
        DenseStorage,
        InvalidNormEpsilon,
        NormEpsilonNotUsed,
        ActivationTwice,
        BlockHeads,
        BlockHeadDim,
        BlockMap,
        UnsupportedExpression,
        UnsupportedStatement,
        UnsupportedCall,
        Recursion,
        UnsupportedType,
        CapturedState,
        UnsupportedExponent,
        MapTooLarge,
        SwitchNotExhaustive,
        MapCanBeNegative,
        MapNotFinite,
        ComputedInFloat,
        FeatureMapNoBody,
        HeadDimMissing,
        HeadDimRange,
        ValueDimRange,
        ChunkSizeRange,
        FeaturesRange,
        LanguageVersion,
        NoInstructionSets,
    };

    public static DiagnosticDescriptor ById(string id) => All.First(rule => rule.Id == id);
}
