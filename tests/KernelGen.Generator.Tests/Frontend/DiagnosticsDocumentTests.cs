using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using KernelGen.Generator.Frontend;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Tests;

/// <summary>Every rule has a row and a section in the document, and a line in the release file.</summary>
public class DiagnosticsDocumentTests
{
    [Fact]
    public void Document_HasARowAndASectionForEveryRule()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder(), "DIAGNOSTICS.md"));
        foreach (DiagnosticDescriptor rule in Diagnostics.All)
        {
            string link = rule.Id.ToLowerInvariant();
            string row = Assert.Single(lines, line => line.StartsWith($"| [{rule.Id}](#{link}) |", StringComparison.Ordinal));
            Assert.StartsWith($"| [{rule.Id}](#{link}) | {rule.DefaultSeverity.ToString().ToLowerInvariant()} | {rule.Title} |", row, StringComparison.Ordinal);
            Assert.EndsWith($"/generator/DIAGNOSTICS.md#{link}", rule.HelpLinkUri, StringComparison.Ordinal);

            int section = Array.IndexOf(lines, "### " + rule.Id);
            Assert.True(section >= 0, rule.Id + " has no section");
            string text = string.Join('\n', lines.Skip(section + 1).TakeWhile(line => !line.StartsWith('#')));
            Assert.Contains("**Cause.**", text, StringComparison.Ordinal);
            Assert.Contains("**Fix.**", text, StringComparison.Ordinal);
            Assert.Contains("```", text, StringComparison.Ordinal);
        }

        Assert.Equal(Diagnostics.All.Count + BuildRules().Length, lines.Count(line => line.StartsWith("### KG", StringComparison.Ordinal)));
    }

    [Fact]
    public void Document_HasARowAndASectionForEveryRuleOfThePackagesBuildFiles()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder(), "DIAGNOSTICS.md"));
        Assert.NotEmpty(BuildRules());
        Assert.All(BuildRules(), id =>
        {
            Assert.Single(lines, line => line.StartsWith($"| [{id}](#{id.ToLowerInvariant()}) | warning |", StringComparison.Ordinal));
            Assert.Single(lines, "### " + id);
            Assert.DoesNotContain(Diagnostics.All, rule => rule.Id == id);
        });
    }

    [Fact]
    public void ReleaseFile_HasEveryRule()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder(), "KernelGen.Generator", "AnalyzerReleases.Unshipped.md"));
        Assert.Equal(
            Diagnostics.All.Select(rule => $"{rule.Id} | {rule.Category} | {rule.DefaultSeverity} | {rule.Title}"),
            lines.Where(line => line.StartsWith("KG", StringComparison.Ordinal)));
    }

    [Fact]
    public void Rules_AreNumberedOnceAndReported()
    {
        Assert.Equal(Diagnostics.All.Count, Diagnostics.All.Select(rule => rule.Id).Distinct().Count());
        Assert.Equal(Diagnostics.All, new KernelAnalyzer().SupportedDiagnostics);
        Assert.Equal(Diagnostics.All.Count, typeof(Diagnostics).GetFields().Count(field => field.FieldType == typeof(DiagnosticDescriptor)));
        Assert.All(Diagnostics.All, rule => Assert.Matches("^KG0[0123][0-9]{2}$", rule.Id));
    }

    /// <summary>Rules that MSBuild reports: the compiler never hears of them.</summary>
    private static string[] BuildRules()
    {
        string targets = File.ReadAllText(Path.Combine(Folder(), "..", "src", "KernelGen", "build", "KernelGen.targets"));
        return [.. Regex.Matches(targets, "Code=\"(KG[0-9]{4})\"").Select(match => match.Groups[1].Value)];
    }

    private static string Folder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "generator"));
}
