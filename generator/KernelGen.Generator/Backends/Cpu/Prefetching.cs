using KernelGen.Generator.Schedule;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>
/// Who asks for the next chunk's inputs: the product that is cut into the most register tiles, each of which asks for its share. Spread
/// like that the loads hide behind arithmetic; in bursts of a few dozen lines they hold up the tile's own loads from the second level of cache.
/// </summary>
/// <remarks>Measured, by the fold rather than by the outputs' fewer and taller tiles: 2 to 5 % of whole forwards; once per chunk: no gain at all.</remarks>
/// <param name="Carrier">The product, or null where there is none.</param>
/// <param name="Tiles">The inputs.</param>
internal sealed record Prefetching(TileOp.Gemm? Carrier, IReadOnlyList<Tile> Tiles)
{
    public static Prefetching None { get; } = new(null, []);

    public static Prefetching Plan(Target target, TileProgram program, TileOp.ForChunks loop, IReadOnlyList<Tile> inputs)
    {
        TileOp.Gemm? carrier = loop.Body.Concat(loop.Close).OfType<TileOp.Gemm>()
            .OrderByDescending(g => Blocking.RegisterTiles(target, program.ElementBytes, g)).FirstOrDefault();
        return carrier is null ? None : new(carrier, inputs);
    }
}
