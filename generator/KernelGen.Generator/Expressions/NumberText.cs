using System.Globalization;

namespace KernelGen.Generator.Expressions;

/// <summary>
/// Numbers as a reader would write them: the fewest digits that read back to the same value, on every host and under every culture.
/// A value that float holds and that is shorter as float gets the suffix f: 0.1f and 0.1 are different numbers and differ in text.
/// </summary>
internal static class NumberText
{
    // What a format leaves of trailing zeros it drops, so the first that reads back is the shortest.
    private static readonly string[] DoubleFormats = { "G15", "G16" };
    private static readonly string[] SingleFormats = { "G7", "G8" };

    public static string Of(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "Infinity" : "-Infinity";
        if (value == 0)
            return BitConverter.DoubleToInt64Bits(value) == 0 ? "0" : "-0";
        string text = Shortest(value);
        float single = (float)value;
        if (single != value)
            return text;
        string shorter = Shortest(single);
        return shorter.Length < text.Length ? shorter + "f" : text;
    }

    // Not "R": on .NET Framework, where Visual Studio hosts generators, it gives other digits.
    private static string Shortest(double value)
    {
        foreach (string format in DoubleFormats)
        {
            string text = value.ToString(format, CultureInfo.InvariantCulture);
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double back) && back == value)
                return text;
        }

        return value.ToString("G17", CultureInfo.InvariantCulture);
    }

    private static string Shortest(float value)
    {
        foreach (string format in SingleFormats)
        {
            string text = value.ToString(format, CultureInfo.InvariantCulture);
            if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float back) && back == value)
                return text;
        }

        return value.ToString("G9", CultureInfo.InvariantCulture);
    }
}
