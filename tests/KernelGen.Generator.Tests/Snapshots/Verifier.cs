using System.Runtime.CompilerServices;
using System.Text;
using Xunit.Sdk;

namespace KernelGen.Generator.Tests.Snapshots;

/// <summary>
/// Compares what a test receives with the files beside it, by the rules of Verify (names, contents, encoding), so that this class can make way for that
/// package. A missing file, a changed one and one that nothing produces any more all fail; what was received is left beside it for
/// <c>eng/accept-snapshots.sh</c> to rename.
/// </summary>
internal static class Verifier
{
    private const string Verified = ".verified.";
    private const string Received = ".received.";

    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: true);

    /// <summary>One text: <c>Type.Method_parameter=value.verified.txt</c>.</summary>
    public static void Verify(string text, string parameter, string value, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "") =>
        Compare(Prefix(testFile, method) + $"_{parameter}={value}", [new Snapshot("", "txt", text)], testFile);

    /// <summary>Generated files: <c>Type.Method#Hint.g.verified.cs</c>, the hint's name in the first line.</summary>
    public static void Verify(IEnumerable<(string HintName, string Source)> files, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "") =>
        Compare(
            Prefix(testFile, method),
            [.. files.Select(f => new Snapshot("#" + Path.GetFileNameWithoutExtension(f.HintName), "cs", $"//HintName: {f.HintName}\n{f.Source}"))],
            testFile);

    private static string Prefix(string testFile, string method) => $"{Path.GetFileNameWithoutExtension(testFile)}.{method}";

    private static void Compare(string prefix, IReadOnlyList<Snapshot> snapshots, string testFile)
    {
        string directory = Path.GetDirectoryName(testFile)!;
        List<string> faults = [];
        foreach (Snapshot snapshot in snapshots)
        {
            string stem = Path.Combine(directory, prefix + snapshot.Suffix);
            if (Fault(stem + Verified + snapshot.Extension, stem + Received + snapshot.Extension, snapshot.Text) is { } fault)
                faults.Add(fault);
        }

        faults.AddRange(Stale(directory, prefix, snapshots));
        if (faults.Count > 0)
            throw new XunitException(string.Join("\n\n", faults) + "\n\nTo accept what was received: eng/accept-snapshots.sh");
    }

    private static string? Fault(string verified, string received, string text)
    {
        string name = Path.GetFileName(verified);
        if (text.Contains('\r', StringComparison.Ordinal))
            return $"Carriage return: {name} may only have line feeds";
        string? expected = File.Exists(verified) ? File.ReadAllText(verified) : null;
        if (expected == text)
        {
            File.Delete(received);
            return null;
        }

        File.WriteAllText(received, text, s_encoding);
        return expected is null ? $"New: {name} does not exist" : $"Changed: {name}\n{LineDiff.Of(expected, text)}";
    }

    /// <summary>
    /// Verified files of this test that it did not produce. A test with one parameter sees its own value's only: <see cref="SnapshotFilesTests"/>
    /// finds those of values that are gone.
    /// </summary>
    private static IEnumerable<string> Stale(string directory, string prefix, IReadOnlyList<Snapshot> snapshots)
    {
        HashSet<string> current = [.. snapshots.Select(s => prefix + s.Suffix + Verified + s.Extension)];
        return Directory.EnumerateFiles(directory, prefix + "#*" + Verified + "*")
            .Select(path => Path.GetFileName(path))
            .Where(name => !current.Contains(name))
            .Order(StringComparer.Ordinal)
            .Select(name => $"Stale: nothing produces {name} any more; delete it");
    }

    private sealed record Snapshot(string Suffix, string Extension, string Text);
}
