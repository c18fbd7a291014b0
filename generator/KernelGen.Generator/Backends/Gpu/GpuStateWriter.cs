using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>
/// A phase's states: matrices in registers, 8 x 4 elements in a thread from the first chunk to the last, vectors in shared memory. They are read from device memory before the
/// chunks, and where the phase keeps them written after.
/// </summary>
internal class GpuStateWriter(GpuContext context, GpuStateLayout layout)
{
    private readonly GpuSchedule _schedule = context.Schedule;
    private readonly CodeWriter _writer = context.Out;

    protected GpuContext Context => context;

    private Tile[] States => [.. _schedule.Program.Tiles.Where(t => t.Role == TileRole.State)];

    /// <summary>Whether the phase has any.</summary>
    public bool HasStates => States.Length > 0;

    /// <summary>Declares them, zero where the call brings none.</summary>
    public void Load()
    {
        if (States.Any(t => _schedule[t].Home == GpuHome.Registers && IsWide(t)))
            _writer.Line("var stateInWords = stateIn.Cast<Float4>();");
        foreach (Tile tile in States)
        {
            if (_schedule[tile].Home == GpuHome.Registers)
                LoadMatrix(tile);
            else
                LoadVector(tile);
        }
    }

    /// <summary>Those that have changed.</summary>
    public void Store()
    {
        Tile[] written = [.. States.Where(s => _schedule.Ops.SelectMany(TileProgram.Writes).Contains(s))];
        if (written.Length == 0)
            return;
        _writer.Line();
        using (_writer.Block("if (stateOut.Length > 0)"))
        {
            if (written.Any(t => _schedule[t].Home == GpuHome.Registers && IsWide(t)))
                _writer.Line("var stateOutWords = stateOut.Cast<Float4>();");
            if (written.Any(t => _schedule[t].Home != GpuHome.Registers))
                _writer.Line("Group.Barrier();");
            foreach (Tile tile in written)
            {
                if (_schedule[tile].Home == GpuHome.Registers)
                {
                    StoreMatrix(tile);
                    continue;
                }

                // Every slice of the values has the same numbers here.
                bool isWhole = layout[tile].Width == tile.Columns.Size;
                string once = context.Slices.Count > 1 && isWhole ? " && slice == 0" : "";
                using (_writer.Block($"for (int i = t; i < {GpuContext.Text(tile.Rows.Size * tile.Columns.Size)}{once}; i += {GpuContext.Text(context.Threads)})"))
                    _writer.Line($"stateOut[stateBase + {Offset(tile)} + i] = {GpuContext.Element(_schedule[tile], "i")};");
            }
        }
    }

    /// <summary>Products read a state from shared memory.</summary>
    public virtual void Publish(Tile state)
    {
        GpuTile copy = _schedule.Copy(state);
        context.Order([], [(copy.Offset, copy.Words)]);
        EachRow(state, r => _writer.Line($"{GpuContext.Word(copy, "row", "word")} = new Float4({string.Join(", ", Names(state, r))});"));
        int rows = RowTiles(state) * GpuGrid.TileRows;
        if (rows >= copy.Rows)
            return;

        // Products run over rows in steps of sixteen.
        using (_writer.Block($"for (int i = t; i < {GpuContext.Text((copy.Rows - rows) * copy.FilledWords)}; i += {GpuContext.Text(context.Threads)})"))
        {
            _writer.Line($"int row = {GpuContext.Text(rows)} + {GpuContext.Divide("i", copy.FilledWords)}, word = {GpuContext.Modulo("i", copy.FilledWords)};");
            _writer.Line($"{GpuContext.Word(copy, "row", "word")} = default;");
        }
    }

    protected virtual void LoadMatrix(Tile tile)
    {
        for (int r = 0; r < GpuGrid.TileRows; r++)
            _writer.Line($"float {string.Join(", ", Names(tile, r).Select(n => n + " = 0f"))};");
        using (_writer.Block("if (stateIn.Length > 0)"))
        {
            EachRow(tile, r =>
            {
                string[] names = Names(tile, r);
                if (IsWide(tile))
                {
                    _writer.Line("Float4 four = default;");
                    _writer.Line($"{Guard(tile)}four = stateInWords[{Word(tile)}];");
                    _writer.Line(string.Join(" ", names.Select((n, j) => $"{n} = four.{GpuContext.Components[j]};")));
                    return;
                }

                for (int j = 0; j < 4; j++)
                    _writer.Line($"{Inside(tile, j)}{names[j]} = stateIn[{Element(tile, j)}];");
            });
        }
    }

    protected virtual void StoreMatrix(Tile tile) => EachRow(tile, r => StoreFour(tile, Names(tile, r)));

    /// <summary>Four elements at <c>row</c> and <c>word</c> to device memory.</summary>
    protected void StoreFour(Tile tile, string[] names)
    {
        if (IsWide(tile))
        {
            _writer.Line($"{Guard(tile)}stateOutWords[{Word(tile)}] = new Float4({string.Join(", ", names)});");
            return;
        }

        for (int j = 0; j < 4; j++)
            _writer.Line($"{Inside(tile, j)}stateOut[{Element(tile, j)}] = {names[j]};");
    }

    private void LoadVector(Tile tile)
    {
        // Words behind the last element are zero too: products and sums go over whole words.
        GpuTile home = _schedule[tile];
        int count = tile.Rows.Size * tile.Columns.Size;
        using (_writer.Block($"for (int i = t; i < {GpuContext.Text(home.Words * 4)}; i += {GpuContext.Text(context.Threads)})"))
            _writer.Line($"{GpuContext.Element(home, "i")} = stateIn.Length > 0 && i < {GpuContext.Text(count)} ? stateIn[stateBase + {Offset(tile)} + i] : 0f;");
        context.Order([], [(home.Offset, home.Words)]);
    }

    /// <summary>Whether a state's tile is whole words in device memory.</summary>
    protected bool IsWide(Tile tile) => !layout[tile].Transposed && layout[tile].Columns % 4 == 0 && tile.Columns.Size % 4 == 0 && tile.Rows.Size % RowUnit == 0;

    /// <summary>Rows come by so many, the last of which may be none of the tile's.</summary>
    protected virtual int RowUnit => GpuGrid.TileRows;

    protected static string Guard(Tile tile) => GpuSchedule.ColumnTiles(tile) * GpuGrid.TileColumns == tile.Columns.Size ? "" : $"if (word < {GpuContext.Text(tile.Columns.Size / 4)}) ";

    protected string Word(Tile tile) => $"((stateBase + {Offset(tile)}) >> 2) + ((long)row * {GpuContext.Text(layout[tile].Columns / 4)}) + word";

    protected string Element(Tile tile, int j)
    {
        GpuStatePlace place = layout[tile];
        string column = $"(4 * word) + {GpuContext.Text(j)}", columns = GpuContext.Text(place.Columns);
        return place.Transposed
            ? $"stateBase + {Offset(tile)} + ((long)({column}) * {columns}) + row"
            : $"stateBase + {Offset(tile)} + ((long)row * {columns}) + {column}";
    }

    /// <summary>First element of a tile, or of a slice's columns of it.</summary>
    private string Offset(Tile tile)
    {
        GpuStatePlace place = layout[tile];
        string offset = GpuContext.Text(place.Offset);
        return place.Width == tile.Columns.Size ? offset : $"{offset} + (slice * {GpuContext.Text(tile.Columns.Size * (place.Transposed ? place.Columns : 1))})";
    }

    protected static string[] Names(Tile tile, int r) => [.. Enumerable.Range(0, 4).Select(j => GpuGemmWriter.Register(tile, r, j))];

    private static int RowTiles(Tile tile) => (tile.Rows.Size + GpuGrid.TileRows - 1) / GpuGrid.TileRows;

    /// <summary>The rows of a state's tile that a thread has in its registers.</summary>
    private void EachRow(Tile tile, Action<int> row)
    {
        int columns = GpuSchedule.ColumnTiles(tile), tiles = RowTiles(tile) * columns;
        using (_writer.Block(tiles < context.Threads ? $"if (t < {GpuContext.Text(tiles)})" : null))
        {
            _writer.Line($"int ti = {GpuContext.Divide("t", columns)}, word = {GpuContext.Modulo("t", columns)};");
            for (int r = 0; r < GpuGrid.TileRows; r++)
            {
                using (_writer.Block())
                {
                    _writer.Line($"int row = ({GpuContext.Text(GpuGrid.TileRows)} * ti) + {GpuContext.Text(r)};");
                    row(r);
                }
            }
        }
    }

    protected string Inside(Tile tile, int j)
    {
        List<string> tests = [];
        if (tile.Rows.Size % RowUnit != 0)
            tests.Add($"row < {GpuContext.Text(tile.Rows.Size)}");
        if (GpuSchedule.ColumnTiles(tile) * GpuGrid.TileColumns != tile.Columns.Size)
            tests.Add($"(4 * word) + {GpuContext.Text(j)} < {GpuContext.Text(tile.Columns.Size)}");
        return tests.Count == 0 ? "" : $"if ({string.Join(" && ", tests)}) ";
    }
}
