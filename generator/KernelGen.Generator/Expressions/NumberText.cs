using System.Globalization;

namespace KernelGen.Generator.Expressions;

/// <summary>
/// Numbers as a reader would write them: the fewest digits that read back to the same value, on every host and under every culture.
/// A value that float holds and that is shorter as float gets the suffix f: 0.1f and 0.1 are different numbers and differ in text.
/// </summary>
internal static class NumberText
{
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

    // "R" is not used: on .NET Framework, where Visual Studio hosts generators, it differs.
    private static string Shortest(double value)
    {
        for (int digits = 1; digits < 17; digits++)
        {
            string text = value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double back) && back == value)
                return text;
        }

        return value.ToString("G17", CultureInfo.InvariantCulture);
    }

    private static string Shortest(float value)
    {
        for (int digits = 1; digits < 9; digits++)
        {
            string text = value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float back) && back == value)
                return text;
        }

        return value.ToString("G9", CultureInfo.InvariantCulture);
    }
}
