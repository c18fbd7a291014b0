using KernelGen.Generator.Schedule;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>
/// Writes a phase as a method over a frame: references to its tiles, the ops before the loop, and the loop over chunks. A chunk's new rows are
/// [begin, end); it closes when it is full or when the frame asks for its tail to be folded.
/// </summary>
internal sealed class PhaseWriter(Dialect dialect, TileProgram program, MemoryPlan memory)
{
    private readonly CodeWriter _methods = new();
    private readonly CodeWriter _out = new();
    private readonly string _element = Dialect.ElementType(program.ElementBytes);

    /// <summary>The phase's method, then those of its ops.</summary>
    /// <param name="names">Method names of the class.</param>
    /// <param name="shared">Calls of the ops that phases of the class have in common: an op says all that its method depends on.</param>
    public (string Phase, string Ops) Write(HashSet<string> names, Dictionary<TileOp, string> shared)
    {
        OpContext context = new(dialect, program, memory, _methods, names);
        _out.Line($"/// <summary>{program.Name}: see the program at the top of this file.</summary>");
        _out.Line("[MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]");
        using (_out.Block($"public static void {program.Name}(ref KernelFrame<{_element}> f)"))
        using (_out.Block("unchecked"))
        {
            References();
            foreach (TileOp op in program.Ops)
            {
                if (op is TileOp.ForChunks loop)
                    Loop(context, loop, shared);
                else
                    _out.Line(Lower(context, op, Prefetching.None, shared));
            }
        }

        return (_out.ToString(), _methods.ToString());
    }

    private static string Lower(OpContext context, TileOp op, Prefetching prefetching, Dictionary<TileOp, string> shared)
    {
        if (ReferenceEquals(op, prefetching.Carrier))
            return Lower(context, op, prefetching);
        if (!shared.TryGetValue(op, out string? call))
            shared.Add(op, call = Lower(context, op, Prefetching.None));
        return call;
    }

    private static string Lower(OpContext context, TileOp op, Prefetching prefetching) => op switch
    {
        TileOp.Map map => new MapWriter(context, map).Write(),
        TileOp.Reduce reduce => new ReduceWriter(context, reduce).Write(),
        TileOp.Gemm gemm => new GemmWriter(context, gemm, prefetching).Write(),
        TileOp.Scan scan => new ScanWriter(context, scan).Write(),
        _ => throw new InvalidOperationException($"no lowering for {op.GetType().Name}"),
    };

    private void References()
    {
        foreach (Tile tile in program.Tiles)
        {
            switch (tile.Role)
            {
                case TileRole.State when program.Slots.Any(s => s.State == tile):
                    break;
                case TileRole.Slot when !program.Ops.OfType<TileOp.ForChunks>().Any():
                    _out.Line($"ref {_element} {tile.Name} = ref {OpContext.At("f.Slots", CodeWriter.Text(memory[program, tile].Offset))};");
                    break;
                case TileRole.State or TileRole.Chunk:
                    Block(tile, "State");
                    break;
                case TileRole.Scratch:
                    Block(tile, "Scratch");
                    break;
                case TileRole.Parameter:
                    _out.Line($"ref {_element} {tile.Name} = ref f.{FrameFields.Of(tile)};");
                    break;
                case TileRole.Input:
                    _out.Line($"nint {tile.Name}Stride = f.{FrameFields.Of(tile)}Stride;");
                    break;
                default:
                    break;
            }
        }
    }

    private void Block(Tile tile, string field)
    {
        TileMemory place = memory[program, tile];
        string block = $"f.{field}";
        _out.Line($"ref {_element} {tile.Name} = ref {OpContext.At(block, CodeWriter.Text(place.Offset))};");
        if (place.IsTransposed)
            _out.Line($"ref {_element} {tile.Name}T = ref {OpContext.At(block, CodeWriter.Text(place.TransposedOffset))};");
    }

    private void Loop(OpContext context, TileOp.ForChunks loop, Dictionary<TileOp, string> shared)
    {
        string size = CodeWriter.Text(loop.Size);
        Tile[] external = loop.Body.SelectMany(TileProgram.TilesOf).Where(t => t.IsExternal).Distinct().ToArray();
        Tile[] outputs = external.Where(t => t.Role == TileRole.Output).ToArray();
        Prefetching prefetching = Prefetching.Plan(dialect.Target, program, loop, external.Where(t => t.Role == TileRole.Input).ToArray());
        if (outputs.Length > 0)
        {
            _out.Line("bool stream = f.Output == OutputMode.Stream;");
            _out.Line("bool staged = f.Output >= OutputMode.Stage;");
        }

        _out.Line("int begin = f.Begin;");
        _out.Line("int t = 0;");
        (string Name, Tile Tile)[] slots = program.Slots.Select(s => (s.State.Name, s.Slot)).Concat(program.Tiles.Where(x => x.Role == TileRole.Slot).Select(x => (x.Name, x))).ToArray();
        if (slots.Length > 0)
            _out.Line("nint slot = 0;");
        using (_out.Block("while (true)"))
        {
            _out.Line($"int take = Math.Min({size} - begin, f.Length - t);");
            _out.Line("int end = begin + take;");
            _out.Line($"bool closes = end == {size} || (f.Fold && t + take == f.Length && end > 0);");
            using (_out.Block("if (take == 0 && !closes)"))
                _out.Line("break;");
            _out.Line();
            foreach (Tile tile in external)
                ChunkReference(tile);
            foreach ((string name, Tile tile) in slots)
                _out.Line($"ref {_element} {name} = ref Unsafe.Add(ref f.Slots, slot + {CodeWriter.Text(memory[program, tile].Offset)});");
            if (prefetching.Tiles.Count > 0)
                _out.Line($"int ahead = Math.Min({size}, f.Length - t - take);");
            foreach (Tile tile in prefetching.Tiles)
                _out.Line($"ref {_element} {tile.Name}Next = ref Unsafe.Add(ref {tile.Name}, take * {tile.Name}Stride);");
            using (_out.Block("if (take > 0)"))
            {
                foreach (TileOp op in loop.Body)
                    _out.Line(Lower(context, op, prefetching, shared));
                foreach (Tile tile in outputs)
                    Unstage(tile);
            }

            _out.Line();
            if (loop.Close.Count > 0)
            {
                using (_out.Block("if (closes)"))
                {
                    // Closing ops see the whole chunk: its rows are [0, end).
                    _out.Line("begin = 0;");
                    foreach (TileOp op in loop.Close)
                        _out.Line(Lower(context, op, prefetching, shared));
                }

                _out.Line();
            }

            if (slots.Length > 0)
                _out.Line("slot += f.SlotStride;");
            _out.Line("t += take;");
            _out.Line("begin = closes ? 0 : end;");
        }
    }

    private void ChunkReference(Tile tile)
    {
        string field = FrameFields.Of(tile);
        if (tile.Role == TileRole.Flags)
        {
            _out.Line($"ref bool {tile.Name} = ref Unsafe.AsRef(in f.{field});");
            using (_out.Block($"if (!Unsafe.IsNullRef(ref {tile.Name}))"))
                _out.Line($"{tile.Name} = ref Unsafe.Add(ref {tile.Name}, t);");
            return;
        }

        if (tile.Role == TileRole.Input)
        {
            _out.Line($"ref {_element} {tile.Name} = ref Unsafe.Add(ref Unsafe.AsRef(in f.{field}), t * {tile.Name}Stride);");
            return;
        }

        // Where the rows are staged, the ops write scratch.
        TileMemory stage = memory[program, tile];
        string scratch = OpContext.At("f.Scratch", CodeWriter.Text(stage.Offset));
        _out.Line($"ref {_element} {tile.Name}Rows = ref Unsafe.Add(ref f.{field}, t * f.{field}Stride);");
        _out.Line($"ref {_element} {tile.Name} = ref staged ? ref {scratch} : ref {tile.Name}Rows;");
        _out.Line($"nint {tile.Name}Stride = staged ? {CodeWriter.Text(stage.Stride)} : f.{field}Stride;");
    }

    private void Unstage(Tile tile)
    {
        using (_out.Block("if (staged)"))
            _out.Line($"OutputStore.Rows(ref {tile.Name}, {tile.Name}Stride, ref {tile.Name}Rows, f.{FrameFields.Of(tile)}Stride, take, {CodeWriter.Text(tile.Columns.Size)}, f.Output);");
    }
}
