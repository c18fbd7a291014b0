using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Schedule;

/// <summary>
/// How a product over packed panels is cut so that each level of the caches is read often: a run of columns and a block of k of the right factor stay in the first cache
/// while the register tiles of all rows go over them; the rows of the left factor stay in the second. A function of shapes alone; and since every element is summed over k
/// in order, in one accumulator that is put down between blocks, no cut changes a bit.
/// </summary>
internal static class PanelBlocking
{
    private const int PanelBytes = 128;

    /// <summary>Most k of a block: 256 rows of 64 bytes are half of a small first cache.</summary>
    private const int MostDepth = 256;

    /// <summary>Columns of a panel: two cache lines, so that every target's register tile reads whole lines.</summary>
    public static int Width(int elementBytes) => PanelBytes / elementBytes;

    /// <summary>k of a block, blocks being nearly equal.</summary>
    public static int Depth(int total)
    {
        int blocks = (total + MostDepth - 1) / MostDepth;
        return ((total + blocks - 1) / blocks + 7) & ~7;
    }

    /// <summary>The accumulators of a panel between blocks of k.</summary>
    public static Tile Sums(TileProgram program) =>
        new("sums", TileRole.Scratch, Extent.Chunk(program.PanelRows), Extent.Fixed(Width(program.ElementBytes)));

    /// <summary>Register tiles of a panel, side by side.</summary>
    public static IReadOnlyList<Panel> Tiles(Target target, int elementBytes) =>
        Blocking.Panels(target, Width(elementBytes) / target.Lanes(elementBytes), target.MaxPanelVectors);

    /// <summary>The same for one row: as many accumulators as the registers hold, up to a panel.</summary>
    public static IReadOnlyList<Panel> SingleRowTiles(Target target, int elementBytes)
    {
        int vectors = Width(elementBytes) / target.Lanes(elementBytes);
        int width = Math.Min(vectors, target.VectorBytes == 0 ? target.MaxPanelVectors : (target.Registers - 2) / 2 & ~3);
        return Enumerable.Range(0, vectors / width).Select(p => new Panel(p * width, width, 1)).ToList();
    }
}
