using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Frontend;

/// <summary>The named arguments of one attribute: their values, and where they are written.</summary>
internal sealed class AttributeArguments(AttributeData attribute, Findings findings, CancellationToken cancellation)
{
    public bool Has(string name) => Find(name) is not null;

    public int Int32(string name, int otherwise) => Find(name) is { } value ? value as int? ?? otherwise : otherwise;

    public double Double(string name, double otherwise) => Find(name) is { } value ? value as double? ?? otherwise : otherwise;

    public bool Boolean(string name, bool otherwise) => Find(name) is { } value ? value as bool? ?? otherwise : otherwise;

    /// <summary>The number of an enum value; reported where it is none of <paramref name="values"/>, which count from 0.</summary>
    public int Enum(string name, int otherwise, IReadOnlyList<string> values)
    {
        int value = Int32(name, otherwise);
        if (value >= 0 && value < values.Count)
            return value;
        findings.Add(
            Diagnostics.UndefinedValue, LocationOf(name), name, value.ToString(CultureInfo.InvariantCulture), name, string.Join(", ", values));
        return otherwise;
    }

    /// <summary>The argument as a whole, <c>HeadDim = 0</c>; the attribute where there is no such argument.</summary>
    public Location LocationOf(string name)
    {
        if (attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) is not AttributeSyntax syntax)
            return Location.None;
        foreach (AttributeArgumentSyntax argument in Written(syntax))
        {
            if (argument.NameEquals?.Name.Identifier.ValueText == name)
                return argument.GetLocation();
        }

        return syntax.GetLocation();
    }

    /// <summary>Whether every argument compiles; where one does not, the compiler has said so, and what it stands for is not known.</summary>
    public bool AreWellFormed() => attribute.AttributeConstructor is not null
        && attribute.NamedArguments.All(argument => argument.Value.Kind != TypedConstantKind.Error)
        && attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) is AttributeSyntax syntax
        && Written(syntax).Count() == attribute.NamedArguments.Length;

    private object? Find(string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
                return argument.Value.Value;
        }

        return null;
    }

    private static IEnumerable<AttributeArgumentSyntax> Written(AttributeSyntax syntax) =>
        syntax.ArgumentList?.Arguments ?? Enumerable.Empty<AttributeArgumentSyntax>();
}
