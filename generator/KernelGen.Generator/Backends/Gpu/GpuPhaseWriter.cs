using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>
/// Writes a phase as one kernel. A thread block has a sequence (grid z), a head and a slice of the values (grid y), and a run of chunks (grid x); its threads go through the
/// chunks together, meeting where one op reads what others have written.
/// </summary>
/// <param name="schedule">Threads, registers, shared memory.</param>
/// <param name="states">Where states lie in device memory.</param>
/// <param name="slices">How the values are cut; tiles whose columns are values have a slice's width.</param>
/// <param name="tensors">Tensors of the pass, in the order of the kernels' parameters: every phase takes all of them.</param>
/// <param name="writer">Where the kernel goes.</param>
internal sealed class GpuPhaseWriter(GpuSchedule schedule, GpuStateLayout states, GpuSlices slices, IReadOnlyList<Tile> tensors, CodeWriter writer)
{
    private readonly GpuContext _context = new(schedule, writer);

    private TileProgram Program => schedule.Program;

    private Tile[] Externals => [.. Program.Tiles.Where(t => t.IsExternal)];

    private Tile[] States => [.. Program.Tiles.Where(t => t.Role == TileRole.State)];

    public void Write()
    {
        writer.Line($"/// <summary>{Program.Name}: see the program at the top of this file.</summary>");
        IEnumerable<string> parameters = tensors.Select(t => $"ArrayView<{(t.Role == TileRole.Flags ? "byte" : "float")}> {t.Name}, GpuRows {t.Name}Rows");
        using (writer.Block($"public static void {Program.Name}({string.Join(", ", parameters)}, ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut)"))
        using (writer.Block("unchecked"))
            Body();
    }

    private void Body()
    {
        writer.Line($"var shared = SharedMemory.Allocate<Float4>({GpuContext.Text(schedule.UsedWords)});");
        writer.Line("var scalars = shared.Cast<float>();");
        writer.Line("int t = Group.IdxX;");
        writer.Line($"int head = {GpuContext.Divide("Grid.IdxY", slices.Count)}, sequence = Grid.IdxZ;");
        if (slices.Count > 1)
            writer.Line($"long slice = {GpuContext.Modulo("Grid.IdxY", slices.Count)};");
        writer.Line($"long pair = ((long)sequence * (Grid.DimY / {GpuContext.Text(slices.Count)})) + head;");
        writer.Line("long entry = sequence * cut.Packed;");
        writer.Line("long begin = starts[entry] + (Grid.IdxX * cut.Tokens), stop = Math.Min((long)starts[entry + 1], begin + cut.Tokens);");
        writer.Line($"long stateBase = ((pair * Grid.DimX) + Grid.IdxX) * {GpuContext.Text(states.Length)};");
        if (Program.Tiles.Any(t => t.Role == TileRole.Parameter))
            writer.Line($"float {Program.Tiles.Single(t => t.Role == TileRole.Parameter).Name} = slopes[head];");
        foreach (Tile tile in Externals.Where(GpuOperands.IsWide))
            writer.Line($"var {tile.Name}Words = {tile.Name}.Cast<Float4>();");
        if (States.Any(t => schedule[t].Home == GpuHome.Registers && IsWide(t)))
            writer.Line("var stateInWords = stateIn.Cast<Float4>(); var stateOutWords = stateOut.Cast<Float4>();");
        LoadStates();
        foreach (TileOp op in schedule.Before)
            Op(op);
        if (schedule.Loop is { } loop)
        {
            string size = GpuContext.Text(loop.Size);
            using (writer.Block($"for (long first = begin; first < stop; first += {size})"))
            {
                // What a chunk's first op writes may be what the last op of the chunk before reads.
                writer.Line("Group.Barrier();");
                writer.Line($"int end = (int)Math.Min({size}L, stop - first);");
                foreach (TileOp op in loop.Body.Concat(loop.Close))
                    Op(op);
            }
        }

        StoreStates();
    }

    /// <summary>
    /// Where a chunk's rows begin in a tensor, in the units it is read in: four elements where its rows are whole words. Said where it is used: a number that is alive from
    /// one end of the kernel to the other costs a register that a sum could have.
    /// </summary>
    private void Rows(Tile tile)
    {
        bool isSliced = slices.Count > 1 && tile.Role != TileRole.Flags && tile.Columns.Size == slices.Columns;
        string slice = isSliced ? $" + (slice * {GpuContext.Text(tile.Columns.Size)})" : "", shift = GpuOperands.IsWide(tile) ? " >> 2" : "";
        writer.Line($"long {tile.Name}Token = {tile.Name}Rows.Token{shift};");
        writer.Line($"long {tile.Name}Row = ((sequence * {tile.Name}Rows.Sequence) + ((head / (int){tile.Name}Rows.Heads) * {tile.Name}Rows.Head) + (first * {tile.Name}Rows.Token){slice}){shift};");
    }

    private void Op(TileOp op)
    {
        writer.Line();
        writer.Line("// " + op.Note);
        foreach (Tile state in schedule.Published(op))
            Publish(state);
        using (writer.Block())
        {
            foreach (Tile tile in TileProgram.TilesOf(op).Where(t => t.IsExternal).Distinct())
                Rows(tile);
            switch (op)
            {
                case TileOp.Map map:
                    new GpuMapWriter(_context, map).Write();
                    break;
                case TileOp.Reduce reduce:
                    new GpuReduceWriter(_context, reduce).Write();
                    break;
                case TileOp.Gemm gemm:
                    new GpuGemmWriter(_context, gemm).Write();
                    break;
                default:
                    throw new InvalidOperationException($"no GPU lowering for {op.GetType().Name}");
            }
        }
    }

    /// <summary>Products read a state from shared memory.</summary>
    private void Publish(Tile state)
    {
        GpuTile copy = schedule.Copy(state);
        _context.Order([], [(copy.Offset, copy.Words)]);
        EachRow(state, r => writer.Line($"{GpuContext.Word(copy, "row", "word")} = new Float4({string.Join(", ", Names(state, r))});"));
        int rows = RowTiles(state) * GpuGrid.TileRows;
        if (rows >= copy.Rows)
            return;

        // Products run over rows in steps of sixteen.
        using (writer.Block($"for (int i = t; i < {GpuContext.Text((copy.Rows - rows) * copy.FilledWords)}; i += {GpuContext.Text(schedule.Threads)})"))
        {
            writer.Line($"int row = {GpuContext.Text(rows)} + {GpuContext.Divide("i", copy.FilledWords)}, word = {GpuContext.Modulo("i", copy.FilledWords)};");
            writer.Line($"{GpuContext.Word(copy, "row", "word")} = default;");
        }
    }

    private void LoadStates()
    {
        foreach (Tile tile in States)
        {
            string offset = Offset(tile);
            if (schedule[tile].Home == GpuHome.Registers)
            {
                for (int r = 0; r < GpuGrid.TileRows; r++)
                    writer.Line($"float {string.Join(", ", Names(tile, r).Select(n => n + " = 0f"))};");
                using (writer.Block("if (stateIn.Length > 0)"))
                {
                    EachRow(tile, r =>
                    {
                        string[] names = Names(tile, r);
                        if (IsWide(tile))
                        {
                            writer.Line("Float4 four = default;");
                            writer.Line($"{Guard(tile)}four = stateInWords[((stateBase + {offset}) >> 2) + ((long)row * {GpuContext.Text(states.Columns(tile) / 4)}) + word];");
                            writer.Line(string.Join(" ", names.Select((n, j) => $"{n} = four.{GpuContext.Components[j]};")));
                            return;
                        }

                        for (int j = 0; j < 4; j++)
                            writer.Line($"{Inside(tile, j)}{names[j]} = stateIn[stateBase + {offset} + ((long)row * {GpuContext.Text(states.Columns(tile))}) + (4 * word) + {GpuContext.Text(j)}];");
                    });
                }

                continue;
            }

            // Words behind the last element are zero too: products and sums go over whole words.
            GpuTile home = schedule[tile];
            int count = tile.Rows.Size * tile.Columns.Size;
            using (writer.Block($"for (int i = t; i < {GpuContext.Text(home.Words * 4)}; i += {GpuContext.Text(schedule.Threads)})"))
                writer.Line($"{GpuContext.Element(home, "i")} = stateIn.Length > 0 && i < {GpuContext.Text(count)} ? stateIn[stateBase + {offset} + i] : 0f;");
            _context.Order([], [(home.Offset, home.Words)]);
        }
    }

    private void StoreStates()
    {
        Tile[] written = [.. States.Where(s => schedule.Ops.SelectMany(TileProgram.Writes).Contains(s))];
        if (written.Length == 0)
            return;
        writer.Line();
        using (writer.Block("if (stateOut.Length > 0)"))
        {
            if (written.Any(t => schedule[t].Home != GpuHome.Registers))
                writer.Line("Group.Barrier();");
            foreach (Tile tile in written)
            {
                string offset = Offset(tile);
                if (schedule[tile].Home == GpuHome.Registers)
                {
                    EachRow(tile, r =>
                    {
                        string[] names = Names(tile, r);
                        if (IsWide(tile))
                        {
                            writer.Line($"{Guard(tile)}stateOutWords[((stateBase + {offset}) >> 2) + ((long)row * {GpuContext.Text(states.Columns(tile) / 4)}) + word] = new Float4({string.Join(", ", names)});");
                            return;
                        }

                        for (int j = 0; j < 4; j++)
                            writer.Line($"{Inside(tile, j)}stateOut[stateBase + {offset} + ((long)row * {GpuContext.Text(states.Columns(tile))}) + (4 * word) + {GpuContext.Text(j)}] = {names[j]};");
                    });
                    continue;
                }

                // Every slice has the same numbers here.
                using (writer.Block($"for (int i = t; i < {GpuContext.Text(tile.Rows.Size * tile.Columns.Size)}{(slices.Count > 1 ? " && slice == 0" : "")}; i += {GpuContext.Text(schedule.Threads)})"))
                    writer.Line($"stateOut[stateBase + {offset} + i] = {GpuContext.Element(schedule[tile], "i")};");
            }
        }
    }

    /// <summary>Whether a state's tile is whole words in device memory.</summary>
    private bool IsWide(Tile tile) => states.Columns(tile) % 4 == 0 && tile.Columns.Size % 4 == 0 && tile.Rows.Size % GpuGrid.TileRows == 0;

    private static string Guard(Tile tile) => GpuSchedule.ColumnTiles(tile) * GpuGrid.TileColumns == tile.Columns.Size ? "" : $"if (word < {GpuContext.Text(tile.Columns.Size / 4)}) ";

    private string Offset(Tile tile)
    {
        string offset = GpuContext.Text(states.Offset(tile));
        return states.Columns(tile) == tile.Columns.Size ? offset : $"{offset} + (slice * {GpuContext.Text(tile.Columns.Size)})";
    }

    private static string[] Names(Tile tile, int r) => [.. Enumerable.Range(0, 4).Select(j => GpuGemmWriter.Register(tile, r, j))];

    private static int RowTiles(Tile tile) => (tile.Rows.Size + GpuGrid.TileRows - 1) / GpuGrid.TileRows;

    /// <summary>The rows of a state's tile that a thread has in its registers.</summary>
    private void EachRow(Tile tile, Action<int> row)
    {
        int columns = GpuSchedule.ColumnTiles(tile), tiles = RowTiles(tile) * columns;
        using (writer.Block(tiles < schedule.Threads ? $"if (t < {GpuContext.Text(tiles)})" : null))
        {
            writer.Line($"int ti = {GpuContext.Divide("t", columns)}, word = {GpuContext.Modulo("t", columns)};");
            for (int r = 0; r < GpuGrid.TileRows; r++)
            {
                using (writer.Block())
                {
                    writer.Line($"int row = ({GpuContext.Text(GpuGrid.TileRows)} * ti) + {GpuContext.Text(r)};");
                    row(r);
                }
            }
        }
    }

    private static string Inside(Tile tile, int j)
    {
        List<string> tests = [];
        if (tile.Rows.Size % GpuGrid.TileRows != 0)
            tests.Add($"row < {GpuContext.Text(tile.Rows.Size)}");
        if (GpuSchedule.ColumnTiles(tile) * GpuGrid.TileColumns != tile.Columns.Size)
            tests.Add($"(4 * word) + {GpuContext.Text(j)} < {GpuContext.Text(tile.Columns.Size)}");
        return tests.Count == 0 ? "" : $"if ({string.Join(" && ", tests)}) ";
    }
}
