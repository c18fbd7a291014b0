using System.Globalization;
using System.Text;

namespace KernelGen.Generator.Text;

/// <summary>Values as C# and XML source text.</summary>
internal static class CSharpText
{
    /// <summary>A string literal.</summary>
    public static string Literal(string value)
    {
        var text = new StringBuilder("\"");
        foreach (char c in value)
        {
            if (c is '"' or '\\')
                text.Append('\\').Append(c);
            else if (c < ' ' || c > '~')
                text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            else
                text.Append(c);
        }

        return text.Append('"').ToString();
    }

    public static string Literal(bool value) => value ? "true" : "false";

    /// <summary>Text inside an XML element of a documentation comment.</summary>
    public static string Xml(string value) => value.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    /// <summary>The shortest text that reads back as the same number.</summary>
    public static string RoundTrip(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
