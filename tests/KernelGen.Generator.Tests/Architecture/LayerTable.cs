namespace KernelGen.Generator.Tests.Architecture;

/// <summary>
/// Who may import whom. Support (value-equal collections, diagnostics as plain data) and Text (a writer) stand under everything; every other entry is a
/// decision: back ends know no declaration and no plan, plans know no target, and only the front end sees symbols.
/// </summary>
internal static class LayerTable
{
    /// <summary>How the compiler's own namespaces are called in the table.</summary>
    public const string Roslyn = "Microsoft.CodeAnalysis";

    public static IReadOnlyDictionary<string, string[]> Allowed { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Support"] = [],
        ["Text"] = [],
        ["Expressions"] = [],
        ["Spec"] = ["Expressions", "Support"],
        ["Tiles"] = ["Expressions", "Support"],
        ["Plans"] = ["Spec", "Tiles", "Expressions", "Support"],
        ["Schedule"] = ["Tiles", "Support"],
        ["Backends"] = ["Tiles", "Expressions", "Schedule", "Text"],
        ["Surface"] = ["Spec", "Tiles", "Schedule", "Backends", "Text", "Support"],
        ["Frontend"] = [Roslyn, "Spec", "Expressions", "Support"],
    };
}
