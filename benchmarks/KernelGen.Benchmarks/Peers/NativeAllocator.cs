using System.Collections;

namespace KernelGen.Benchmarks.Peers;

/// <summary>Which malloc native libraries of this process get, and how it is tuned.</summary>
internal static class NativeAllocator
{
    private const string Maps = "/proc/self/maps";

    private static readonly string[] _replacements = ["jemalloc", "mimalloc", "tcmalloc"];

    public static string Description { get; } = string.Join(' ', [Name(), .. Settings()]);

    private static string Name()
    {
        if (!File.Exists(Maps))
            return "the system's malloc";

        // Preloaded, a replacement is mapped before anything of ours runs.
        string maps = File.ReadAllText(Maps);
        return Array.Find(_replacements, name => maps.Contains(name, StringComparison.Ordinal))
            ?? (maps.Contains("musl", StringComparison.Ordinal) ? "musl's malloc" : "glibc's malloc");
    }

    private static IEnumerable<string> Settings() =>
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        let name = (string)variable.Key
        where name.StartsWith("MALLOC_", StringComparison.Ordinal) || name == "GLIBC_TUNABLES"
        orderby name
        select $"{name}={variable.Value}";
}
