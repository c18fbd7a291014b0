namespace KernelGen.Generator.Schedule.Gpu;

/// <summary>Where a tile lives while a thread block works on its chunks.</summary>
internal enum GpuHome
{
    /// <summary>The caller's: read from and written to device memory, each element once.</summary>
    Global,

    /// <summary>A matrix in shared memory: rows of 16-byte words, swizzled.</summary>
    Shared,

    /// <summary>A run of elements in shared memory.</summary>
    SharedVector,

    /// <summary>A matrix in registers, <see cref="GpuGrid"/>'s share in each thread, from the first chunk to the last.</summary>
    Registers,
}

/// <summary>A place in shared memory, in 16-byte words.</summary>
/// <param name="Home">What kind of place.</param>
/// <param name="Offset">First word.</param>
/// <param name="RowWords">Words from a row to the next: a multiple of 8, so that the eight words of a swizzle never leave their row.</param>
/// <param name="Rows">Rows that hold numbers; those behind the tile's own are zero.</param>
/// <param name="FilledWords">Words of a row that hold numbers; elements behind the tile's own are zero.</param>
internal readonly record struct GpuTile(GpuHome Home, int Offset, int RowWords, int Rows, int FilledWords)
{
    public int Words => Rows * RowWords;
}

/// <summary>
/// How a product's results are dealt out: tiles of 8 rows x 4 columns. Where there are more threads
/// than tiles, several threads share a tile's sum along k, and add their parts in shared memory.
/// </summary>
/// <param name="RowTiles">Tiles along the rows.</param>
/// <param name="ColumnTiles">Tiles along the columns.</param>
/// <param name="Split">Threads that share a tile.</param>
/// <param name="Threads">Threads of the group.</param>
internal readonly record struct GpuGrid(int RowTiles, int ColumnTiles, int Split, int Threads)
{
    public const int TileRows = 8;

    public const int TileColumns = 4;

    /// <summary>Depth of an unrolled step.</summary>
    public const int Step = 16;

    public int Tiles => RowTiles * ColumnTiles;

    /// <summary>Rounds of tiles that each thread computes.</summary>
    public int Rounds => (Tiles + Threads - 1) / Threads;

    /// <summary>Threads that have something to compute in a round.</summary>
    public int Active => Math.Min(Threads, Tiles * Split);

    /// <summary>Words of shared memory that parts of sums take.</summary>
    public int PartWords => Split == 1 ? 0 : Split * Tiles * TileRows;
}
