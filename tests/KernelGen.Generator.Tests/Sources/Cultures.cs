using System.Globalization;

namespace KernelGen.Generator.Tests;

/// <summary>A culture whose numbers look as unlike C#'s as they can: minus sign U+2212, decimal comma, grouping by points.</summary>
internal static class Cultures
{
    public static CultureInfo Odd { get; } = new("")
    {
        NumberFormat = new NumberFormatInfo
        {
            NegativeSign = "\u2212",
            NumberDecimalSeparator = ",",
            NumberGroupSeparator = ".",
            NaNSymbol = "nan",
            PositiveInfinitySymbol = "\u221E",
            NegativeInfinitySymbol = "\u2212\u221E",
        },
    };
}
