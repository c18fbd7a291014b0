namespace KernelGen.Generator.Text;

/// <summary>Documentation comments.</summary>
internal static class DocComment
{
    /// <summary>Writes XML as a documentation comment, every line of it behind <c>///</c>.</summary>
    public static void Doc(this CodeWriter writer, string xml)
    {
        foreach (string line in xml.Split('\n'))
            writer.Line(line.Length == 0 ? "///" : "/// " + line);
    }
}
