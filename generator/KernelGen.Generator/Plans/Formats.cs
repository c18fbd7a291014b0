using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>The number formats of a declaration, as tile programs say them.</summary>
internal static class Formats
{
    public static int ElementBytes(KernelSpec spec) => spec.ElementType == ElementType.Float64 ? 8 : 4;

    public static TokenFormat Tokens(KernelSpec spec) => spec.Storage switch
    {
        ElementStorage.Float16 => TokenFormat.Float16,
        ElementStorage.BFloat16 => TokenFormat.BFloat16,
        _ => TokenFormat.Element,
    };
}
