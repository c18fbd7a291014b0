using System.Globalization;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <summary>What came of one block: a spec, or errors; and warnings either way.</summary>
internal readonly record struct BlockParseResult(BlockSpec? Spec, EquatableArray<DiagnosticInfo> Diagnostics);

/// <summary>The way from a class with <c>[TransNormerBlock]</c> to its <see cref="BlockSpec"/>, for generator and analyzer alike.</summary>
internal static class BlockParser
{
    public const string Attribute = "TransNormerBlockAttribute";
    public const string AttributeMetadataName = Systems.Namespace + "." + Attribute;

    private const string ShortName = "TransNormerBlock";
    private const int GreatestHeads = 1024;
    private const int GreatestHeadDim = 1024;

    public static bool IsBlock(AttributeData attribute) => Systems.IsOurs(attribute.AttributeClass, Attribute);

    /// <param name="type">The class.</param>
    /// <param name="attribute">Its attribute.</param>
    /// <param name="compilation">The project.</param>
    /// <param name="isQuiet">Only the spec is wanted.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static BlockParseResult Parse(INamedTypeSymbol type, AttributeData attribute, Compilation compilation, bool isQuiet, CancellationToken cancellation)
    {
        Findings findings = new(isQuiet);
        BlockSpec? spec = Parse(type, attribute, compilation, findings, cancellation);
        return new BlockParseResult(findings.IsUnfit ? null : spec, findings.ToArray());
    }

    private static BlockSpec? Parse(INamedTypeSymbol type, AttributeData attribute, Compilation compilation, Findings findings, CancellationToken cancellation)
    {
        Placement.Check(type, compilation, findings, cancellation);
        DenseArguments.CheckAlone(type, attribute, ShortName, findings, cancellation);
        foreach (IMethodSymbol method in FeatureMapMethod.In(type))
            findings.Add(Diagnostics.BlockMap, method.Locations[0], method.Name);
        TypeIdentity identity = TypeIdentityReader.Read(type);
        MemberNames.Check(type, identity, GeneratedMembers.OfBlock, findings);
        AttributeArguments arguments = new(attribute, findings, cancellation);
        if (!arguments.AreWellFormed())
        {
            findings.Reject();
            return null;
        }

        DenseArguments dense = new(arguments, findings, ShortName);
        int embed = dense.Width("EmbedDim"), glu = dense.Width("GluDim"), heads = arguments.Int32("Heads", 0);
        if (heads is < 1 or > GreatestHeads)
            findings.Add(Diagnostics.BlockHeads, arguments.LocationOf("Heads"), "1", Text(GreatestHeads), Text(heads));
        ElementType elementType = dense.ElementType();
        double epsilon = dense.NormEpsilon(elementType, hasNorm: true);
        int instructionSets = ShapeArguments.InstructionSets(arguments, findings);
        if (findings.IsUnfit)
            return null;
        int headDim = arguments.Int32("HeadDim", 0);
        if (headDim == 0 && embed % heads != 0)
            findings.Add(Diagnostics.BlockHeadDim, arguments.LocationOf("Heads"), "1", Text(GreatestHeadDim), Text(DenseArguments.GreatestWidth), $"{Text(embed)} / {Text(heads)} is not whole");
        headDim = headDim == 0 ? embed / heads : headDim;
        if (headDim is < 1 or > GreatestHeadDim || heads * headDim > DenseArguments.GreatestWidth)
            findings.Add(Diagnostics.BlockHeadDim, arguments.LocationOf("HeadDim"), "1", Text(GreatestHeadDim), Text(DenseArguments.GreatestWidth), $"it is {Text(headDim)}");
        return new BlockSpec
        {
            Type = identity,
            EmbedDim = embed,
            Heads = heads,
            HeadDim = headDim,
            GluDim = glu,
            HasBias = arguments.Boolean("Bias", false),
            NormEpsilon = epsilon,
            ElementType = elementType,
            InstructionSets = instructionSets,
        };
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
