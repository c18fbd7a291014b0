using System.Globalization;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>Offsets of register tiles as text, with what is zero or one left out.</summary>
internal static class OffsetText
{
    public static string Ref(string name, string offset) => "ref " + OpContext.At(name, offset);

    public static string Scaled(string index, int stride) =>
        int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? CodeWriter.Text(number * stride) : stride == 1 ? index : $"({index} * {CodeWriter.Text(stride)})";

    public static string Sum(string a, string b) => a == "0" ? b : b == "0" ? a : $"{a} + {b}";
}
