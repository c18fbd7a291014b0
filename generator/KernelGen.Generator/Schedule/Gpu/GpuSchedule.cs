using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Schedule.Gpu;

/// <summary>
/// A phase on a GPU: one thread block works through the chunks of a sequence and head (or a slice of its columns, or a run of its chunks). State matrices stay in
/// registers; what a product reads is in shared memory, every tile only from the op that writes it to the last that reads it, so that a place serves several.
/// </summary>
internal sealed class GpuSchedule
{
    /// <summary>Words of 16 bytes in the 48 KiB that every device grants a block.</summary>
    public const int SharedWords = 48 * 1024 / 16;

    /// <summary>Threads of a block at most: 8 x 4 results each of a 64 x 64 state.</summary>
    public const int MaxThreads = 128;

    private const int Warp = 32;

    private readonly Dictionary<Tile, GpuTile> _homes = [];
    private readonly Dictionary<TileOp, GpuPlaces.Request> _parts = [];
    private readonly Dictionary<TileOp, Tile[]> _published = [];
    private readonly Dictionary<TileOp, Tile[]> _fetched = [];
    private readonly Dictionary<Tile, GpuPlaces.Request> _tiles = [];

    private GpuSchedule(TileProgram program, int threads)
    {
        Program = program;
        Threads = threads;
        Ops = [.. program.AllOps.Where(op => op is not TileOp.ForChunks)];
        Loop = program.Ops.OfType<TileOp.ForChunks>().SingleOrDefault();
        Before = [.. program.Ops.Where(op => op is not TileOp.ForChunks)];
        Place();
    }

    public TileProgram Program { get; }

    /// <summary>Threads of a block.</summary>
    public int Threads { get; }

    /// <summary>Every op, in order, loops flattened.</summary>
    public IReadOnlyList<TileOp> Ops { get; }

    public TileOp.ForChunks? Loop { get; }

    /// <summary>Ops before the loop.</summary>
    public IReadOnlyList<TileOp> Before { get; }

    /// <summary>Words of shared memory that the phase takes; more than there are, where it does not fit.</summary>
    public int UsedWords { get; private set; }

    /// <summary>Whether there is shared memory enough, and a thread for every tile of the states.</summary>
    public bool Fits => UsedWords <= SharedWords && Registers.All(t => TilesOf(t) <= Threads);

    /// <summary>State matrices, in registers.</summary>
    public IEnumerable<Tile> Registers => Program.Tiles.Where(t => _homes[t].Home == GpuHome.Registers);

    public static GpuSchedule Of(TileProgram program)
    {
        int tiles = program.AllOps.OfType<TileOp.Gemm>().Select(g => g.Assigns[0].Target).Where(t => t.Role == TileRole.State).Select(TilesOf).DefaultIfEmpty(MaxThreads).Max();
        int threads = Math.Max(Warp, Math.Min(MaxThreads, Up(tiles, Warp)));
        return new GpuSchedule(program, threads);
    }

    /// <summary>Where a tile lives. For a state matrix that products read, <see cref="Copy"/> says where its copy lies.</summary>
    public GpuTile this[Tile tile] => _tiles.TryGetValue(tile, out GpuPlaces.Request? request) ? _homes[tile] with { Offset = request.Offset } : _homes[tile];

    /// <summary>The tile in shared memory that a product reads as <paramref name="tile"/>.</summary>
    public GpuTile Copy(Tile tile) => _homes[tile].Home == GpuHome.Registers ? this[CopyOf(tile)] : this[tile];

    /// <summary>State matrices to be copied to shared memory before an op: it is the first since they last changed that reads them there.</summary>
    public IReadOnlyList<Tile> Published(TileOp op) => _published.TryGetValue(op, out Tile[]? tiles) ? tiles : [];

    /// <summary>Numbers by token that another phase has left, to be fetched before an op: it is the first that reads them.</summary>
    public IReadOnlyList<Tile> Fetched(TileOp op) => _fetched.TryGetValue(op, out Tile[]? tiles) ? tiles : [];

    /// <summary>Whether a product's results lie where its factors were, so that threads meet before they store them.</summary>
    public bool Overlays(TileOp.Gemm gemm) => Factors(gemm).Any(f => TileProgram.Writes(gemm).Any(w => Crosses(Copy(f), this[w])));

    /// <summary>First word of the parts of an op's sums.</summary>
    public int Parts(TileOp op) => _parts[op].Offset;

    /// <summary>How a product's results are dealt out.</summary>
    public GpuGrid Grid(TileOp.Gemm gemm)
    {
        Tile target = gemm.Assigns[0].Target;
        int rows = (target.Rows.Size + GpuGrid.TileRows - 1) / GpuGrid.TileRows, columns = ColumnTiles(target);
        int steps = gemm.Terms.Max(t => Up(Depth(t), GpuGrid.Step) / GpuGrid.Step), split = 1;
        while (target.Role != TileRole.State && split * 2 * rows * columns <= Threads && split * 2 <= steps)
            split *= 2;
        return new GpuGrid(rows, columns, split, Threads);
    }

    /// <summary>How a reduction is dealt out: threads that share a row, or a word of four columns.</summary>
    public int ReduceSplit(TileOp.Reduce reduce)
    {
        Tile target = reduce.Assigns[0].Target;
        int results = target.Columns.IsUnit ? Up(target.Rows.Size, 8) : (target.Columns.Size + 3) / 4;
        int split = 1;
        while (split * 2 * results <= Threads)
            split *= 2;
        return split;
    }

    /// <summary>Words that parts of a reduction take: numbers along rows, words of four down columns.</summary>
    public int PartWords(TileOp.Reduce reduce) => reduce.Assigns[0].Target.Columns.IsUnit ? (Threads + 3) / 4 : Threads;

    public static int Depth(GemmTerm term) => term.TransposeB ? term.B.Columns.Size : term.B.Rows.Size;

    /// <summary>
    /// Tiles of four columns, which are words of a row: eight threads that are served together then have neighbouring words of one row, or, in the narrowest tiles, of two.
    /// </summary>
    public static int ColumnTiles(Tile tile) => tile.Columns.Size <= GpuGrid.Step ? GpuGrid.Step / GpuGrid.TileColumns : Up(tile.Columns.Size, 2 * GpuGrid.Step) / GpuGrid.TileColumns;

    public static int Up(int size, int unit) => (size + unit - 1) / unit * unit;

    private static int TilesOf(Tile tile) => (tile.Rows.Size + GpuGrid.TileRows - 1) / GpuGrid.TileRows * ColumnTiles(tile);

    private static Tile CopyOf(Tile state) => state with { Name = state.Name + "Copy", Role = TileRole.Scratch };

    private void Place()
    {
        GpuPlaces places = new();
        foreach (Tile tile in Program.Tiles)
        {
            if (tile.IsExternal || tile.Role == TileRole.Parameter)
                _homes.Add(tile, new GpuTile(GpuHome.Global, 0, 0, 0, 0));
            else if (tile.Role == TileRole.State && !tile.IsVector)
                _homes.Add(tile, new GpuTile(GpuHome.Registers, 0, 0, 0, 0));
        }

        // Numbers that outlive a chunk, and those that are made before the first.
        int last = Ops.Count - 1;
        foreach (Tile tile in Program.Tiles.Where(t => !_homes.ContainsKey(t) && (t.Role == TileRole.State || Before.SelectMany(TileProgram.Writes).Contains(t))))
            Add(places, tile, 0, last);

        for (int i = 0; i < Ops.Count; i++)
        {
            TileOp op = Ops[i];
            Publish(places, op, i);
            Fetch(places, op, i);

            // Parts of a product's sums are written when its factors have been read, and so are results, where each thread has one tile of them.
            GpuPlaces.Request[] spent = [];
            if (op is TileOp.Gemm { Assigns.Count: > 0 } product && Grid(product) is var dealt && (dealt.Rounds == 1 || dealt.Split > 1))
            {
                Tile[] operands = [.. product.Operands.Select(o => o.Tile), .. product.Terms.Where(t => t.RowScale is not null).Select(t => t.RowScale!)];
                spent = [.. Factors(op).Where(t => LastUse(t) == i && !operands.Contains(t)).Distinct().Select(t => _tiles[_homes[t].Home == GpuHome.Registers ? CopyOf(t) : t])];
            }

            foreach (Tile tile in TileProgram.Writes(op).Where(t => !_homes.ContainsKey(t)))
                Add(places, tile, i, LastUse(tile), spent);
            if (op is TileOp.Gemm gemm && Grid(gemm) is { PartWords: > 0 } grid)
                _parts.Add(op, places.Add(grid.PartWords, i, i, spent));
            else if (op is TileOp.Reduce reduce && ReduceSplit(reduce) > 1)
                _parts.Add(op, places.Add(PartWords(reduce), i, i, []));
        }

        UsedWords = places.Assign();
    }

    /// <summary>A state matrix is copied for the ops up to the one that changes it.</summary>
    private void Publish(GpuPlaces places, TileOp op, int index)
    {
        Tile[] read = [.. Factors(op).Where(t => t.Role == TileRole.State && !t.IsVector && !_homes.ContainsKey(CopyOf(t))).Distinct()];
        if (read.Length == 0)
            return;
        _published.Add(op, read);
        foreach (Tile tile in read)
            Add(places, CopyOf(tile), index, LastUse(tile));
    }

    private void Fetch(GpuPlaces places, TileOp op, int index)
    {
        Tile[] read = [.. TileProgram.Reads(op).Where(t => t.Role == TileRole.Tokens && !_homes.ContainsKey(t)).Distinct()];
        if (read.Length == 0)
            return;
        _fetched.Add(op, read);
        foreach (Tile tile in read)
            Add(places, tile, index, LastUse(tile));
    }

    private static bool Crosses(GpuTile a, GpuTile b) => b.Home == GpuHome.Shared && a.Offset < b.Offset + b.Words && b.Offset < a.Offset + a.Words;

    private static IEnumerable<Tile> Factors(TileOp op) => op is TileOp.Gemm gemm ? gemm.Terms.SelectMany(t => new[] { t.A, t.B }) : [];

    /// <summary>The last op that reads a tile where it lies in shared memory.</summary>
    private int LastUse(Tile tile)
    {
        if (_homes.TryGetValue(tile, out GpuTile home) && home.Home == GpuHome.Registers)
            return Ops.Select((o, i) => Factors(o).Contains(tile) ? i : -1).Max();
        return Ops.Select((op, i) => TileProgram.TilesOf(op).Contains(tile) ? i : -1).Max();
    }

    private void Add(GpuPlaces places, Tile tile, int first, int last, GpuPlaces.Request[]? over = null)
    {
        GpuTile home;
        if (tile.IsVector)
        {
            int words = Up(tile.Rows.Size * tile.Columns.Size, GpuGrid.Step) / 4;
            home = new GpuTile(GpuHome.SharedVector, 0, words, 1, words);
        }
        else
        {
            int filled = ColumnTiles(tile);
            home = new GpuTile(GpuHome.Shared, 0, Up(filled, 8), Up(tile.Rows.Size, GpuGrid.Step), filled);
        }

        _homes.Add(tile, home);
        _tiles.Add(tile, places.Add(home.Words, first, last, over ?? []));
    }
}
