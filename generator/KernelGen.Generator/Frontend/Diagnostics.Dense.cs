using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <content>Dense layers.</content>
internal static partial class Diagnostics
{
    public static readonly DiagnosticDescriptor DenseWidthMissing = new(
        "KG0030", "A dense layer lacks a width",
        "[{0}] needs {1}, from {2} to {3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0030");

    public static readonly DiagnosticDescriptor DenseWidthRange = new(
        "KG0031", "A dense layer's width is out of range",
        "{0} must be from {1} to {2}, but is {3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0031");

    public static readonly DiagnosticDescriptor DenseStorage = new(
        "KG0032", "A dense layer has no 16-bit form",
        "Dense layers read and write float or double, but DType is {0}; use DType.Float32 or DType.Float64",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0032");

    public static readonly DiagnosticDescriptor InvalidNormEpsilon = new(
        "KG0033", "NormEpsilon is out of range",
        "NormEpsilon must be finite and above 0, but is {0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0033");

    public static readonly DiagnosticDescriptor NormEpsilonNotUsed = new(
        "KG0034", "NormEpsilon has no effect",
        "NormEpsilon is only added in a norm, and there is none; remove the argument, or set Norm",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Help + "kg0034");

    public static readonly DiagnosticDescriptor ActivationTwice = new(
        "KG0035", "A dense layer's activation is given twice",
        "The method '{0}' gives the activation, and so does {1}; remove one of them",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kg0035");
}
