using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <summary>The methods marked <c>[FeatureMap]</c>: which there are, and whether one has the right shape.</summary>
internal static class FeatureMapMethod
{
    public static IEnumerable<IMethodSymbol> In(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IMethodSymbol>().Where(method => method.MethodKind == MethodKind.Ordinary && IsMarked(method));

    public static bool IsMarked(IMethodSymbol method) =>
        method.GetAttributes().Any(attribute => Systems.IsOurs(attribute.AttributeClass, Systems.FeatureMapAttribute));

    /// <summary>The method's expression; null where its shape or its body will not do.</summary>
    public static Expr? Read(IMethodSymbol method, ElementType elementType, Compilation compilation, Findings findings, CancellationToken cancellation) =>
        HasRightSignature(method, elementType, findings) ? MapReader.Read(method, elementType, compilation, findings, cancellation) : null;

    private static bool HasRightSignature(IMethodSymbol method, ElementType elementType, Findings findings)
    {
        bool isRight = true;
        SpecialType expected = elementType == ElementType.Float32 ? SpecialType.System_Single : SpecialType.System_Double;
        string name = elementType == ElementType.Float32 ? "float" : "double";
        if (!method.IsStatic)
            Wrong(method.Locations[0], "it is not static");
        if (method.IsGenericMethod)
            Wrong(method.Locations[0], "it is generic");
        if (method.ReturnType.SpecialType != expected || method.RefKind != RefKind.None)
            Wrong(method.Locations[0], "it returns " + Shown(method.RefKind, method.ReturnType));
        if (method.Parameters.Length != 1)
        {
            Wrong(method.Locations[0], method.Parameters.Length == 0 ? "it has no parameter" : "it has more than one parameter");
        }
        else if (method.Parameters[0] is { } parameter && (parameter.Type.SpecialType != expected || parameter.RefKind != RefKind.None))
        {
            Wrong(parameter.Locations[0], "its parameter is " + Shown(parameter.RefKind, parameter.Type));
        }

        return isRight;

        void Wrong(Location where, string found)
        {
            isRight = false;
            findings.Add(Diagnostics.FeatureMapSignature, where, name, method.Name, found);
        }
    }

    private static string Shown(RefKind kind, ITypeSymbol type) =>
        (kind == RefKind.None ? "" : kind.ToString().ToLowerInvariant() + " ") + type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
