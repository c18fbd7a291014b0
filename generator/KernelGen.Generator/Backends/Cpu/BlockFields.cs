using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>Which field of the runtime's <c>DenseFrame</c> holds a tile of the caller's.</summary>
internal static class BlockFields
{
    private static readonly Dictionary<string, string> s_fields = new()
    {
        ["x"] = "Input",
        ["u"] = "Gate",
        ["dy"] = "Upstream",
        ["y"] = "Output",
        ["y0"] = "Output",
        ["y2"] = "SecondOutput",
        ["w"] = "Weights",
        ["w2"] = "SecondWeights",
        ["b"] = "Bias",
        ["b2"] = "SecondBias",
        ["a"] = "Left",
    };

    public static string Of(Tile tile) =>
        s_fields.TryGetValue(tile.Name, out string? field) ? field : throw new InvalidOperationException($"no frame field holds {tile.Name}");
}
