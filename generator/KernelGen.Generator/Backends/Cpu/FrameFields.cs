using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>Which field of the runtime's <c>KernelFrame</c> holds a tile of the caller's.</summary>
internal static class FrameFields
{
    private static readonly Dictionary<string, string> s_fields = new()
    {
        ["q"] = "Q",
        ["k"] = "K",
        ["v"] = "V",
        ["o"] = "O",
        ["dO"] = "OutputGradient",
        ["dq"] = "QueryGradient",
        ["dk"] = "KeyGradient",
        ["dv"] = "ValueGradient",
        ["mask"] = "KeyMask",
        ["slope"] = "Slope",
        ["proj"] = "Projection",
        ["projk"] = "KeyProjection",
        ["gate"] = "LogGates",
    };

    public static string Of(Tile tile) =>
        s_fields.TryGetValue((tile.Whole ?? tile).Name, out string? field) ? field : throw new InvalidOperationException($"no frame field holds {tile.Name}");
}
