using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <content>Blocks.</content>
internal static partial class Diagnostics
{
    public static readonly DiagnosticDescriptor BlockHeads = new(
        "KG0036", "A block's heads are out of range",
        "Heads must be from {0} to {1}, but is {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0036");

    public static readonly DiagnosticDescriptor BlockHeadDim = new(
        "KG0037", "A block's heads have no whole width",
        "A head's width is HeadDim, or EmbedDim / Heads where that is whole: it must be from {0} to {1}, and Heads times it at most {2}, but {3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0037");

    public static readonly DiagnosticDescriptor BlockMap = new(
        "KG0038", "A block has no feature map of its own",
        "The block's attention maps queries and keys by silu, but '{0}' is marked [FeatureMap]; remove the mark",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0038");
}
