using System.Globalization;
using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <summary>The arguments that dense layers and blocks of them have in common.</summary>
internal sealed class DenseArguments(AttributeArguments arguments, Findings findings, string shortName)
{
    public const int GreatestWidth = 16384;

    private static readonly string[] DTypes = { "Float32", "Float64", "Float16", "BFloat16" };

    /// <summary>Whether no other attribute of ours declares the class too; told at this one.</summary>
    public static void CheckAlone(INamedTypeSymbol type, AttributeData attribute, string shortName, Findings findings, CancellationToken cancellation)
    {
        foreach (AttributeData other in type.GetAttributes())
        {
            string? name = Systems.RowOf(other)?.ShortName ?? (DenseParser.IsDense(other) ? DenseParser.ShortName : null);
            if (name is null || name == shortName)
                continue;
            Location where = attribute.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation() ?? type.Locations[0];
            findings.Add(Diagnostics.SeveralSystems, where, type.Name, name, shortName);
        }
    }

    public int Width(string name)
    {
        int width = arguments.Int32(name, 0);
        if (!arguments.Has(name))
            findings.Add(Diagnostics.DenseWidthMissing, arguments.LocationOf(name), shortName, name, "1", Text(GreatestWidth));
        else if (width is < 1 or > GreatestWidth)
            findings.Add(Diagnostics.DenseWidthRange, arguments.LocationOf(name), name, "1", Text(GreatestWidth), Text(width));
        return width;
    }

    public ElementType ElementType()
    {
        int dtype = arguments.Enum("DType", 0, DTypes);
        if (dtype > 1)
            findings.Add(Diagnostics.DenseStorage, arguments.LocationOf("DType"), DTypes[dtype]);
        return dtype == 1 ? Spec.ElementType.Float64 : Spec.ElementType.Float32;
    }

    public double NormEpsilon(ElementType elementType, bool hasNorm)
    {
        const string Name = "NormEpsilon";
        double epsilon = arguments.Double(Name, 1e-6);

        // As the kernels will have it: 1e-50 is a 0 in float.
        double rounded = elementType == Spec.ElementType.Float32 ? (float)epsilon : epsilon;
        if (!(rounded > 0) || double.IsInfinity(rounded))
            findings.Add(Diagnostics.InvalidNormEpsilon, arguments.LocationOf(Name), NumberText.Of(epsilon));
        else if (!hasNorm && arguments.Has(Name))
            findings.Add(Diagnostics.NormEpsilonNotUsed, arguments.LocationOf(Name));
        return epsilon;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
