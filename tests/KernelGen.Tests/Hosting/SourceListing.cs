using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace KernelGen.Tests.Hosting;

/// <summary>What was wrong with a compilation, and the files it was wrong in, with line numbers.</summary>
internal static class SourceListing
{
    private const int MostDiagnostics = 50;
    private const int MostFiles = 2;

    public static string Of(Compilation compilation, IReadOnlyCollection<Diagnostic> diagnostics)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{diagnostics.Count} diagnostics in {compilation.AssemblyName}\n");
        foreach (Diagnostic diagnostic in diagnostics.Take(MostDiagnostics))
            text.Append(diagnostic.ToString()).Append('\n');
        foreach (SyntaxTree tree in diagnostics.Select(d => d.Location.SourceTree).OfType<SyntaxTree>().Distinct().Take(MostFiles))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n--- {tree.FilePath}\n");
            foreach (Microsoft.CodeAnalysis.Text.TextLine line in tree.GetText().Lines)
                text.Append(CultureInfo.InvariantCulture, $"{line.LineNumber + 1,5}  {line}\n");
        }

        return text.ToString();
    }
}
