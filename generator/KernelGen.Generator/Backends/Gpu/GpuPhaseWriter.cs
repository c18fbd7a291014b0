using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>
/// Writes a phase as one kernel. A thread block has a sequence (grid z), a head and a slice of the features or values (grid y), and a run of chunks (grid x); its threads go through the
/// chunks together, meeting where one op reads what others have written.
/// </summary>
internal sealed class GpuPhaseWriter
{
    private readonly GpuKernel _kernel;
    private readonly IReadOnlyDictionary<string, int> _parts;
    private readonly IReadOnlyList<GpuParameter> _parameters;
    private readonly GpuStateLayout _layout;
    private readonly CodeWriter _writer;
    private readonly GpuContext _context;
    private readonly GpuStateWriter _states;

    /// <param name="kernel">The phase, and how blocks run it.</param>
    /// <param name="layout">Where states lie in device memory.</param>
    /// <param name="parts">In how many parts numbers by token come that other phases leave as sums.</param>
    /// <param name="parameters">What every phase of the pass takes, in order.</param>
    /// <param name="onTensorCores">Whether products are tensor cores'.</param>
    /// <param name="writer">Where the kernel goes.</param>
    public GpuPhaseWriter(GpuKernel kernel, GpuStateLayout layout, IReadOnlyDictionary<string, int> parts, IReadOnlyList<GpuParameter> parameters, bool onTensorCores, CodeWriter writer)
    {
        (_kernel, _layout, _parts, _parameters, _writer) = (kernel, layout, parts, parameters, writer);
        _context = new GpuContext(kernel.Schedule, kernel.Slices, parameters, onTensorCores ? new TensorTiles(kernel.Schedule) : null, writer);
        _states = onTensorCores ? new TensorStateWriter(_context, layout) : new GpuStateWriter(_context, layout);
    }

    private GpuSchedule Schedule => _kernel.Schedule;

    private GpuSlices Slices => _kernel.Slices;

    private TileProgram Program => Schedule.Program;

    private Tile[] Externals => [.. Program.Tiles.Where(t => t.IsExternal)];

    public void Write()
    {
        bool onTensorCores = _context.Tensors is not null;
        _writer.Line($"/// <summary>{Program.Name}: see the program at the top of this file{(onTensorCores ? "; products on tensor cores" : "")}.</summary>");
        IEnumerable<string> tensors = _parameters.Select(p => $"ArrayView<{Element(p)}> {p.Name}, GpuRows {p.Name}Rows");
        using (_writer.Block($"public static void {(onTensorCores ? _kernel.TensorName : _kernel.Name)}({string.Join(", ", tensors)}, ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut)"))
        using (_writer.Block("unchecked"))
            Body();
    }

    private void Body()
    {
        _writer.Line($"var shared = SharedMemory.Allocate<Float4>({GpuContext.Text(Schedule.UsedWords)});");
        _writer.Line("var scalars = shared.Cast<float>();");
        _writer.Line("int t = Group.IdxX;");
        if (_context.Tensors is not null)
            TensorUnits.Prologue(_writer);
        _writer.Line($"int head = {GpuContext.Divide("Grid.IdxY", Slices.Count)}, sequence = Grid.IdxZ;");
        if (Slices.Count > 1)
            _writer.Line($"long slice = {GpuContext.Modulo("Grid.IdxY", Slices.Count)};");
        _writer.Line($"long pair = ((long)sequence * (Grid.DimY / {GpuContext.Text(Slices.Count)})) + head;");
        _writer.Line("long entry = sequence * cut.Packed;");
        _writer.Line("long begin = starts[entry] + (Grid.IdxX * cut.Tokens), stop = Math.Min((long)starts[entry + 1], begin + cut.Tokens);");
        if (_states.HasStates)
            _writer.Line($"long stateBase = ((pair * cut.Slots) + (Grid.IdxX * cut.Slot)) * {GpuContext.Text(_layout.Length)};");
        if (Program.Tiles.Any(t => t.Role == TileRole.Parameter))
            _writer.Line($"float {Program.Tiles.Single(t => t.Role == TileRole.Parameter).Name} = slopes[head];");
        foreach (Tile tile in Externals.Where(GpuOperands.IsWide))
            _writer.Line($"var {tile.Name}Words = {tile.Name}.Cast<{(_context.IsNarrow(tile) ? "Half4" : "Float4")}>();");
        _states.Load();
        foreach (TileOp op in Schedule.Before)
            Op(op);
        if (Schedule.Loop is { } loop)
        {
            string size = GpuContext.Text(loop.Size);
            using (_writer.Block(loop.Grid == ChunkGrid.RightToLeft
                ? $"for (long first = begin + ((stop - begin - 1) & -{size}L); first >= begin; first -= {size})"
                : $"for (long first = begin; first < stop; first += {size})"))
            {
                // What a chunk's first op writes may be what the last op of the chunk before reads.
                _writer.Line("Group.Barrier();");
                _writer.Line($"int end = (int)Math.Min({size}L, stop - first);");
                foreach (TileOp op in loop.Body.Concat(loop.Close))
                    Op(op);
            }
        }

        if (_kernel.KeepsState)
            _states.Store();
    }

    /// <summary>The element type of a parameter: tensors of 16 bits come as bits.</summary>
    private string Element(GpuParameter parameter) => parameter.Kind switch
    {
        GpuParameterKind.Flags => "byte",
        GpuParameterKind.Tensor when _context.Format != TokenFormat.Element => "ushort",
        _ => "float",
    };

    /// <summary>
    /// Where a chunk's rows begin in a tensor, in the units it is read in: four elements where its rows are whole words. Said where it is used: a number that is alive from
    /// one end of the kernel to the other costs a register that a sum could have.
    /// </summary>
    private void Rows(Tile tile)
    {
        bool isSliced = Slices.Count > 1 && Slices.Tensors.Contains(tile.Name), isPart = Slices.Count > 1 && Slices.Sums.Contains(tile.Name);
        string slice = isSliced ? $" + (slice * {GpuContext.Text(tile.Columns.Size)})" : isPart ? " + slice" : "", shift = GpuOperands.IsWide(tile) ? " >> 2" : "";
        _writer.Line($"long {tile.Name}Token = {tile.Name}Rows.Token{shift};");
        _writer.Line($"long {tile.Name}Row = ((sequence * {tile.Name}Rows.Sequence) + ((head / (int){tile.Name}Rows.Heads) * {tile.Name}Rows.Head) + (first * {tile.Name}Rows.Token){slice}){shift};");
    }

    private void Op(TileOp op)
    {
        _writer.Line();
        _writer.Line("// " + op.Note);
        _context.Tensors?.Begin(op);
        foreach (Tile state in Schedule.Published(op))
            _states.Publish(state);
        foreach (Tile tile in Schedule.Fetched(op))
            Fetch(tile);
        using (_writer.Block())
        {
            foreach (Tile tile in TileProgram.TilesOf(op).Where(t => t.IsExternal).Concat(TileProgram.Writes(op).Where(t => t.Role == TileRole.Tokens)).Distinct())
                Rows(tile);
            switch (op)
            {
                case TileOp.Map map:
                    new GpuMapWriter(_context, map).Write();
                    break;
                case TileOp.Reduce reduce:
                    new GpuReduceWriter(_context, reduce).Write();
                    break;
                case TileOp.Gemm gemm when _context.Tensors is not null:
                    new TensorGemmWriter(_context, gemm).Write();
                    break;
                case TileOp.Gemm gemm:
                    new GpuGemmWriter(_context, gemm).Write();
                    break;
                default:
                    throw new InvalidOperationException($"no GPU lowering for {op.GetType().Name}");
            }
        }
    }

    /// <summary>Numbers by token that another phase has left, added where it was cut.</summary>
    private void Fetch(Tile tile)
    {
        GpuTile home = Schedule[tile];
        _context.Order([], [(home.Offset, home.Words)]);
        using (_writer.Block())
        {
            Rows(tile);
            using (_writer.Block($"for (int i = t; i < {GpuContext.Text(home.Words * 4)}; i += {GpuContext.Text(Schedule.Threads)})"))
            {
                _writer.Line("float sum = 0f;");
                using (_writer.Block("if (i < end)"))
                {
                    for (int p = 0; p < (_parts.TryGetValue(tile.Name, out int count) ? count : 1); p++)
                        _writer.Line($"sum += {tile.Name}[{tile.Name}Row + (i * {tile.Name}Token) + {GpuContext.Text(p)}];");
                }

                _writer.Line($"{GpuContext.Element(home, "i")} = sum;");
            }
        }
    }
}
