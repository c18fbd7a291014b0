using KernelGen.Generator.Schedule;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>
/// Writes a phase as a method over a frame: references to its tiles, the ops before the loop, and the loop over chunks. A chunk's new rows are
/// [begin, end); it closes when it is full or when the frame asks for its tail to be folded, or, in a grid that begins with the call, always.
/// </summary>
/// <param name="dialect">How the target spells operations.</param>
/// <param name="program">The phase.</param>
/// <param name="memory">Where its tiles lie.</param>
/// <param name="known">What the class has so far.</param>
/// <param name="file">Where the phase's method goes.</param>
/// <param name="methods">Where those of its ops go.</param>
internal sealed class PhaseWriter(Dialect dialect, TileProgram program, MemoryPlan memory, ClassMethods known, CodeWriter file, CodeWriter methods)
{
    private readonly string _element = Dialect.ElementType(program.ElementBytes);
    private readonly string _token = Dialect.TokenType(program.Tokens, program.ElementBytes);

    /// <summary>Whether the caller's tokens are of a 16-bit format.</summary>
    private bool IsNarrow => program.Tokens != TokenFormat.Element;

    public void Write()
    {
        OpContext context = new(dialect, program, memory, methods, known);
        file.Line($"/// <summary>{program.Name}: see the program at the top of this file.</summary>");
        file.Line("[MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]");
        using (file.Block($"public static void {program.Name}(ref KernelFrame<{_element}> f)"))
        using (file.Block("unchecked"))
        {
            References();
            foreach (TileOp op in program.Ops)
            {
                if (op is TileOp.ForChunks loop)
                {
                    // Each of several loops has its own tokens and rows.
                    using (program.Ops.Count(o => o is TileOp.ForChunks) > 1 ? file.Block() : default(IDisposable))
                        Loop(context, loop);
                }
                else
                    file.Line(Call(context, op, Prefetching.None));
            }
        }
    }

    /// <summary>An op says, with the tiles that are kept in a transposed copy too, all that its method depends on: phases that have it in common share the method.</summary>
    private string Call(OpContext context, TileOp op, Prefetching prefetching)
    {
        if (ReferenceEquals(op, prefetching.Carrier))
            return Lower(context, op, prefetching);
        IEnumerable<Tile> turned = TileProgram.TilesOf(op).Where(t => t.Role is TileRole.State or TileRole.Chunk or TileRole.Scratch && memory[program, t].IsTransposed);
        (TileOp, string) key = (op, string.Join(" ", turned.Select(t => t.Name)));
        if (!known.Ops.TryGetValue(key, out string? call))
            known.Ops.Add(key, call = Lower(context, op, Prefetching.None));
        return call;
    }

    private static string Lower(OpContext context, TileOp op, Prefetching prefetching) => op switch
    {
        TileOp.Map map => new MapWriter(context, map).Write(),
        TileOp.Reduce reduce => new ReduceWriter(context, reduce).Write(),
        TileOp.Gemm gemm => new GemmWriter(context, gemm, prefetching).Write(),
        TileOp.Running running => new RunningWriter(context, running).Write(),
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
                    file.Line($"ref {_element} {tile.Name} = ref {OpContext.At("f.Slots", CodeWriter.Text(memory[program, tile].Offset))};");
                    break;
                case TileRole.State or TileRole.Chunk:
                    Block(tile, "State");
                    break;
                case TileRole.Scratch:
                    Block(tile, "Scratch");
                    break;
                case TileRole.Matrix:
                    Block(tile, FrameFields.Of(tile));
                    break;
                case TileRole.Parameter:
                    file.Line($"ref {_element} {tile.Name} = ref f.{FrameFields.Of(tile)};");
                    break;
                case TileRole.Input or TileRole.Numbers:
                    file.Line($"nint {tile.Name}Stride = f.{FrameFields.Of(tile)}Stride;");
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
        file.Line($"ref {_element} {tile.Name} = ref {OpContext.At(block, CodeWriter.Text(place.Offset))};");
        if (place.IsTransposed)
            file.Line($"ref {_element} {tile.Name}T = ref {OpContext.At(block, CodeWriter.Text(place.TransposedOffset))};");
    }

    private void Loop(OpContext context, TileOp.ForChunks loop)
    {
        Tile[] external = loop.Body.Concat(loop.Close).SelectMany(TileProgram.TilesOf).Where(t => t.IsExternal || t.Role == TileRole.Tokens).Distinct().ToArray();
        Prefetching prefetching = Prefetching.Plan(dialect.Target, program, loop, external.Where(t => t.Role == TileRole.Input).ToArray());
        if (IsNarrow && external.Any(t => t.Role == TileRole.Output))
        {
            file.Line("const bool stream = false;");
        }
        else if (external.Any(t => t.Role == TileRole.Output))
        {
            file.Line("bool stream = f.Output == OutputMode.Stream;");
            file.Line("bool staged = f.Output >= OutputMode.Stage;");
        }

        if (loop.Grid == ChunkGrid.Continued)
            Continued(context, loop, external, prefetching);
        else
            Whole(context, loop, external, prefetching);
    }

    private void Continued(OpContext context, TileOp.ForChunks loop, Tile[] external, Prefetching prefetching)
    {
        string size = CodeWriter.Text(loop.Size);
        string[] body = Calls(context, loop.Body, prefetching), close = Calls(context, loop.Close, prefetching);
        file.Line("int begin = f.Begin;");
        file.Line("int t = 0;");
        if (HasSlots)
            file.Line("nint slot = 0;");
        using (file.Block("while (true)"))
        {
            file.Line($"int take = Math.Min({size} - begin, f.Length - t);");
            file.Line("int end = begin + take;");
            file.Line($"bool closes = end == {size} || (f.Fold && t + take == f.Length && end > 0);");
            using (file.Block("if (take == 0 && !closes)"))
                file.Line("break;");
            file.Line();
            Ahead(external, prefetching, $"Math.Min({size}, f.Length - t - take)", "take");
            SlotReferences();
            using (file.Block("if (take > 0)"))
                Body(body, external, "take");

            file.Line();
            if (loop.Close.Count > 0)
            {
                using (file.Block("if (closes)"))
                {
                    // Closing ops see the whole chunk: its rows are [0, end).
                    file.Line("begin = 0;");
                    foreach (string call in close)
                        file.Line(call);
                }

                file.Line();
            }

            if (HasSlots)
                file.Line("slot += f.SlotStride;");
            file.Line("t += take;");
            file.Line("begin = closes ? 0 : end;");
        }
    }

    /// <summary>Chunks that begin with the call, in either order: all of a chunk's rows are new, and every chunk closes.</summary>
    private void Whole(OpContext context, TileOp.ForChunks loop, Tile[] external, Prefetching prefetching)
    {
        string size = CodeWriter.Text(loop.Size);
        bool isReversed = loop.Grid == ChunkGrid.RightToLeft;
        string[] body = Calls(context, loop.Body, prefetching), close = Calls(context, loop.Close, prefetching);

        // Only ops over the chunk's own rows ask where they begin.
        if (body.Concat(close).Any(call => call.Contains("begin")))
            file.Line("const int begin = 0;");
        if (HasSlots)
            file.Line("nint slot = 0;");
        file.Line(isReversed ? $"int t = f.Length == 0 ? -1 : (f.Length - 1) / {size} * {size};" : "int t = 0;");
        using (file.Block(isReversed ? "while (t >= 0)" : "while (t < f.Length)"))
        {
            file.Line($"int end = Math.Min({size}, f.Length - t);");
            if (isReversed)
                Ahead(external, prefetching, $"Math.Min({size}, t)", "-" + size);
            else
                Ahead(external, prefetching, $"Math.Min({size}, f.Length - t - end)", "end");
            SlotReferences();
            Body(body, external, "end");
            foreach (string call in close)
                file.Line(call);
            if (HasSlots)
                file.Line("slot += f.SlotStride;");
            file.Line(isReversed ? $"t -= {size};" : "t += end;");
        }
    }

    private (string Name, Tile Tile)[] SlotTiles =>
        program.Slots.Select(s => (s.State.Name, s.Slot)).Concat(program.Tiles.Where(x => x.Role == TileRole.Slot).Select(x => (x.Name, x))).ToArray();

    private bool HasSlots => SlotTiles.Length > 0;

    /// <summary>Slots come one after the other in the order of the loop.</summary>
    private void SlotReferences()
    {
        foreach ((string name, Tile tile) in SlotTiles)
            file.Line($"ref {_element} {name} = ref Unsafe.Add(ref f.Slots, slot + {CodeWriter.Text(memory[program, tile].Offset)});");
    }

    /// <summary>References to the chunk's rows, and to those of the chunk that comes next, <paramref name="step"/> rows from here.</summary>
    private void Ahead(Tile[] external, Prefetching prefetching, string ahead, string step)
    {
        foreach (Tile tile in external)
            ChunkReference(tile);
        if (prefetching.Tiles.Count > 0)
            file.Line($"int ahead = f.Prefetches ? {ahead} : 0;");
        foreach (Tile tile in prefetching.Tiles)
            file.Line($"ref {_token} {tile.Name}Next = ref Unsafe.Add(ref {tile.Name}, {step} * {tile.Name}Stride);");
    }

    private string[] Calls(OpContext context, IEnumerable<TileOp> ops, Prefetching prefetching) => ops.Select(op => Call(context, op, prefetching)).ToArray();

    /// <summary>The calls of a chunk's ops, and its outputs where they are staged.</summary>
    private void Body(string[] calls, Tile[] external, string rows)
    {
        foreach (string call in calls)
            file.Line(call);
        foreach (Tile tile in external.Where(t => t.Role == TileRole.Output))
            Unstage(tile, rows);
    }

    private void ChunkReference(Tile tile)
    {
        if (tile.Role == TileRole.Tokens)
        {
            TileMemory place = memory[program, tile];
            string past = place.Offset == 0 ? "" : place.Offset == 1 ? "f.TokenStride + " : $"({CodeWriter.Text(place.Offset)} * f.TokenStride) + ";
            string row = place.Stride == 1 ? "f.FirstToken + t" : $"(((nint)f.FirstToken + t) * {CodeWriter.Text(place.Stride)})";
            string column = tile.FirstColumn == 0 ? "" : $" + {CodeWriter.Text(tile.FirstColumn)}";
            file.Line($"ref {_element} {tile.Name} = ref Unsafe.Add(ref f.Tokens, {past}{row}{column});");
            return;
        }

        string field = FrameFields.Of(tile);
        if (tile.Role == TileRole.Flags)
        {
            file.Line($"ref bool {tile.Name} = ref Unsafe.AsRef(in f.{field});");
            using (file.Block($"if (!Unsafe.IsNullRef(ref {tile.Name}))"))
                file.Line($"{tile.Name} = ref Unsafe.Add(ref {tile.Name}, t);");
            return;
        }

        if (tile.Role == TileRole.Numbers)
        {
            file.Line($"ref {_element} {tile.Name} = ref Unsafe.Add(ref Unsafe.AsRef(in f.{field}), t * {tile.Name}Stride);");
            return;
        }

        if (tile.Role == TileRole.Input)
        {
            string first = $"ref Unsafe.AsRef(in f.{field})";
            file.Line($"ref {_token} {tile.Name} = ref Unsafe.Add({(IsNarrow ? $"ref Unsafe.As<{_element}, {_token}>({first})" : first)}, t * {tile.Name}Stride);");
            return;
        }

        // Where the rows are staged, the ops write scratch.
        TileMemory stage = memory[program, tile];
        string scratch = OpContext.At("f.Scratch", CodeWriter.Text(stage.Offset));
        if (IsNarrow)
        {
            file.Line($"ref {_element} {tile.Name} = ref {scratch};");
            file.Line($"nint {tile.Name}Stride = {CodeWriter.Text(stage.Stride)};");
            return;
        }

        file.Line($"ref {_element} {tile.Name}Rows = ref Unsafe.Add(ref f.{field}, t * f.{field}Stride);");
        file.Line($"ref {_element} {tile.Name} = ref staged ? ref {scratch} : ref {tile.Name}Rows;");
        file.Line($"nint {tile.Name}Stride = staged ? {CodeWriter.Text(stage.Stride)} : f.{field}Stride;");
    }

    private void Unstage(Tile tile, string rows)
    {
        string field = FrameFields.Of(tile), columns = CodeWriter.Text(tile.Columns.Size);
        if (IsNarrow)
        {
            file.Line($"OutputStore.Narrow<{_token}>(ref {tile.Name}, {tile.Name}Stride, ref f.{field}, f.{field}Stride, t, {rows}, {columns}, f.Output);");
            return;
        }

        using (file.Block("if (staged)"))
            file.Line($"OutputStore.Rows(ref {tile.Name}, {tile.Name}Stride, ref {tile.Name}Rows, f.{field}Stride, {rows}, {columns}, f.Output);");
    }
}
