using System.Text;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace KernelGen.Generator.Tests.Snapshots;

/// <summary>The lines in which two texts differ, with what stands around them.</summary>
internal static class LineDiff
{
    private const int Context = 2;
    private const int MostLines = 80;

    public static string Of(string before, string after)
    {
        List<DiffPiece> lines = InlineDiffBuilder.Diff(before, after, ignoreWhiteSpace: false).Lines;
        StringBuilder text = new();
        int printed = 0, last = -1;
        for (int i = 0; i < lines.Count; i++)
        {
            if (!IsNearChange(lines, i))
                continue;
            if (printed++ == MostLines)
                return text.Append("  ... and more\n").ToString();
            if (i > last + 1)
                text.Append("  ...\n");
            text.Append(Mark(lines[i].Type)).Append(lines[i].Text).Append('\n');
            last = i;
        }

        return printed == 0 ? "  (only line ends or the encoding differ)\n" : text.ToString();
    }

    private static bool IsNearChange(List<DiffPiece> lines, int index)
    {
        for (int i = Math.Max(0, index - Context); i <= Math.Min(lines.Count - 1, index + Context); i++)
        {
            if (lines[i].Type != ChangeType.Unchanged)
                return true;
        }

        return false;
    }

    private static string Mark(ChangeType type) => type switch
    {
        ChangeType.Inserted => "+ ",
        ChangeType.Deleted => "- ",
        _ => "  ",
    };
}
