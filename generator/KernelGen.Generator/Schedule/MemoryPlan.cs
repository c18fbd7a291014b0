using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Schedule;

/// <summary>Where a tile lies in its block, in elements.</summary>
/// <param name="Offset">First element of the row-major copy.</param>
/// <param name="Stride">Elements from a row to the next (1 for a vector).</param>
/// <param name="TransposedOffset">First element of the transposed copy, or -1 where none is needed.</param>
/// <param name="TransposedStride">Elements from a row of the transposed copy (a column of the tile) to the next.</param>
internal readonly record struct TileMemory(int Offset, int Stride, int TransposedOffset, int TransposedStride)
{
    public bool IsTransposed => TransposedOffset >= 0;
}

/// <summary>
/// Lays out the state block (shared by all phases: state first, then the unfinished chunk) and the scratch of each phase. Rows are
/// padded to 64 bytes. An output has room for a chunk of rows in the scratch, where they can be staged. A tile that some product uses as a transposed right factor,
/// or some op as a transposed operand, is kept in a transposed copy as well, since vectors run over the columns of that factor: an op that writes such a tile writes both.
/// </summary>
internal sealed class MemoryPlan
{
    private readonly Dictionary<Tile, TileMemory> _state = [];
    private readonly Dictionary<(string Sweep, Tile Tile), TileMemory> _slots = [];
    private readonly Dictionary<string, (int Length, int Sums)> _slotLengths = [];
    private readonly List<Dictionary<Tile, TileMemory>> _scratch = [];
    private readonly EquatableArray<TileProgram> _programs;
    private readonly List<Tile> _tokens;
    private readonly Dictionary<Tile, int> _reaches = [];
    private readonly int _lanes;

    /// <param name="programs">Phases that share a state block.</param>
    /// <param name="stages">Whether the scratch has room for a chunk's output rows.</param>
    public MemoryPlan(EquatableArray<TileProgram> programs, bool stages = true)
    {
        _programs = programs;
        _lanes = programs[0].Lanes;
        HashSet<Tile> transposed = new(programs.SelectMany(Transposed));

        Tile[] tiles = programs.SelectMany(p => p.Tiles).Distinct().ToArray();
        foreach (Tile part in tiles.Where(t => t.Whole is not null))
            _reaches[part.Whole!] = Math.Max(_reaches.TryGetValue(part.Whole!, out int reach) ? reach : 0, part.FirstColumn + Pad(part.Columns.Size));
        tiles = tiles.Where(t => t.Whole is null).ToArray();
        _tokens = [.. tiles.Where(t => t.Role == TileRole.Tokens)];
        int length = 0;
        foreach (Tile tile in programs.SelectMany(p => p.AllOps).SelectMany(TileProgram.Writes).Where(t => t.Role == TileRole.State).Distinct())
            _state.Add(tile, Place(tile, transposed, ref length));
        ChunkOffset = length;
        foreach (Tile tile in tiles.Where(t => t.Role == TileRole.Chunk))
            _state.Add(tile, Place(tile, transposed, ref length));
        StateLength = length;

        foreach (IGrouping<string, TileProgram> cut in programs.Where(p => p.Sweep is not null).GroupBy(p => p.Sweep!))
            _slotLengths.Add(cut.Key, Slots(cut.Key, cut.ToArray(), transposed));

        foreach (TileProgram program in programs)
        {
            Dictionary<Tile, TileMemory> scratch = [];
            HashSet<Tile> turned = new(Transposed(program));
            int used = 0;
            foreach (Tile tile in program.Tiles.Where(t => t.Whole is null && (t.Role == TileRole.Scratch || (stages && t.Role == TileRole.Output))))
                scratch.Add(tile, Place(tile, turned, ref used));
            if (program.PanelRows > 0)
            {
                Tile sums = PanelBlocking.Sums(program);
                scratch.Add(sums, Place(sums, turned, ref used));
            }

            _scratch.Add(scratch);
            ScratchLength = Math.Max(ScratchLength, used);
        }
    }

    /// <summary>Elements of a state block.</summary>
    public int StateLength { get; }

    /// <summary>Where the unfinished chunk begins in a state block.</summary>
    public int ChunkOffset { get; }

    /// <summary>Elements of scratch that the hungriest phase needs.</summary>
    public int ScratchLength { get; }

    /// <summary>Elements a token that phases leave for one another.</summary>
    public int TokenElements => _tokens.Sum(TokenWidth);

    public TileMemory this[TileProgram program, Tile tile] => tile.Whole is { } whole
        ? Part(this[program, whole], tile)
        : tile.Role switch
        {
            TileRole.Slot => _slots[(program.Sweep!, tile)],
            TileRole.State or TileRole.Chunk => _state[tile],
            TileRole.Panels => new TileMemory(0, PanelBlocking.Width(program.ElementBytes), -1, 0),
            TileRole.Matrix => new TileMemory(0, Pad(tile.Columns.Size), tile.Rows.Size * Pad(tile.Columns.Size), Pad(tile.Rows.Size)),
            TileRole.Tokens => new TileMemory(TokenIndex(tile), TokenWidth(tile), -1, 0),
            _ => _scratch[IndexOf(program)][tile],
        };

    /// <summary>A part of the caller's rows begins where those do: what is kept by token has no place of its own.</summary>
    private static TileMemory Part(TileMemory whole, Tile tile) => whole with
    {
        Offset = whole.Offset + (tile.Role == TileRole.Tokens ? 0 : tile.FirstColumn),
        TransposedOffset = whole.IsTransposed ? whole.TransposedOffset + (tile.FirstColumn * whole.TransposedStride) : whole.TransposedOffset,
    };

    /// <summary>Elements of a chunk's slot where a sweep is cut, and of those, from the first, that hold the chunk's sums; null where it is not.</summary>
    public (int Length, int Sums)? SlotLengths(TileProgram sweep) => _slotLengths.TryGetValue(sweep.Name, out (int, int) lengths) ? lengths : null;

    /// <summary>Where a state tile lies, or -1 where there is none.</summary>
    public int OffsetOf(Tile? tile) => tile is not null && _state.TryGetValue(tile, out TileMemory memory) ? memory.Offset : -1;

    public TileMemory State(Tile tile) => _state[tile];

    /// <summary>How many elements a token other tiles of tokens have before one, or -1 where there is none.</summary>
    public int TokenIndex(Tile? tile) => tile is null ? -1 : _tokens.TakeWhile(t => t != tile).Sum(TokenWidth);

    private int TokenWidth(Tile tile) => tile.Columns.IsUnit ? 1 : Width(tile);

    /// <summary>Elements of a row with its padding: that of the last of its parts may reach further than its own.</summary>
    private int Width(Tile tile) => Pad(Math.Max(tile.Columns.Size, _reaches.TryGetValue(tile, out int reach) ? reach : 0));

    /// <summary>Tiles that a program reads with rows and columns exchanged by vectors.</summary>
    private static IEnumerable<Tile> Transposed(TileProgram program)
    {
        foreach (TileOp op in program.AllOps)
        {
            EquatableArray<Operand> operands = op switch
            {
                TileOp.Gemm gemm => gemm.Operands,
                TileOp.Map map => map.Operands,
                _ => EquatableArray<Operand>.Empty,
            };
            IEnumerable<Tile> factors = op is TileOp.Gemm product ? product.Terms.Where(t => t.TransposeB).Select(t => t.B) : [];
            foreach (Tile tile in factors.Concat(operands.Where(o => o.By == Broadcast.Transposed).Select(o => o.Tile)))
                yield return tile;
        }
    }

    /// <summary>Sums first: what a fold runs over is then one run of elements.</summary>
    private (int Length, int Sums) Slots(string sweep, TileProgram[] cut, HashSet<Tile> transposed)
    {
        int length = 0;
        foreach (Tile tile in cut.SelectMany(p => p.AllOps).Where(op => op is not TileOp.Scan).SelectMany(TileProgram.Writes).Where(t => t.Role == TileRole.Slot).Distinct())
            _slots.Add((sweep, tile), Place(tile, transposed, ref length));
        int sums = length;
        foreach (Tile tile in cut.SelectMany(p => p.Tiles).Distinct().Where(t => t.Role == TileRole.Slot && !_slots.ContainsKey((sweep, t))))
            _slots.Add((sweep, tile), Place(tile, transposed, ref length));
        return (length, sums);
    }

    private int IndexOf(TileProgram program)
    {
        for (int i = 0; i < _programs.Count; i++)
        {
            if (ReferenceEquals(_programs[i], program) || _programs[i] == program)
                return i;
        }

        throw new InvalidOperationException($"program {program.Name} is not in this plan");
    }

    private TileMemory Place(Tile tile, HashSet<Tile> transposed, ref int length)
    {
        int offset = length;
        int stride = tile.IsVector ? 1 : Width(tile);
        length += tile.IsVector ? Pad(tile.Rows.Size * tile.Columns.Size) : tile.Rows.Size * stride;
        if (!transposed.Contains(tile))
            return new TileMemory(offset, stride, -1, 0);
        int transposedOffset = length;
        int transposedStride = Pad(tile.Rows.Size);
        length += tile.Columns.Size * transposedStride;
        return new TileMemory(offset, stride, transposedOffset, transposedStride);
    }

    private int Pad(int elements) => (elements + _lanes - 1) / _lanes * _lanes;
}
