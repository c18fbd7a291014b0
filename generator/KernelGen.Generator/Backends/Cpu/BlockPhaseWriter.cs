using KernelGen.Generator.Schedule;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>
/// Writes a phase over a block of rows and a range of columns as a method over a <c>DenseFrame</c>: references to its tiles, then its ops in order. Rows are [0, end).
/// </summary>
/// <param name="dialect">How the target spells operations.</param>
/// <param name="program">The phase.</param>
/// <param name="memory">Where its tiles lie.</param>
/// <param name="known">What the class has so far.</param>
/// <param name="file">Where the phase's method goes.</param>
/// <param name="methods">Where those of its ops go.</param>
internal sealed class BlockPhaseWriter(Dialect dialect, TileProgram program, MemoryPlan memory, ClassMethods known, CodeWriter file, CodeWriter methods)
{
    private readonly string _element = Dialect.ElementType(program.ElementBytes);

    public void Write()
    {
        OpContext context = new(dialect, program, memory, methods, known);
        string[] calls = program.Ops.Select(op => Lower(context, op)).ToArray();
        file.Line($"/// <summary>{program.Name}: see the program at the top of this file.</summary>");
        file.Line("[MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]");
        using (file.Block($"public static void {program.Name}(ref DenseFrame<{_element}> f)"))
        using (file.Block("unchecked"))
        {
            // Only what some op asks for.
            string all = string.Join(" ", calls);
            if (all.Contains("begin"))
                file.Line("const int begin = 0;");
            if (all.Contains("stream"))
                file.Line("const bool stream = false;");
            file.Line("int end = f.Length;");
            if (program.PanelRows > 0)
                file.Line("int first = f.FirstColumn, last = f.LastColumn;");
            if (all.Contains("depth"))
                file.Line("int depth = f.Depth;");
            References();
            foreach (string call in calls)
                file.Line(call);
        }
    }

    private static string Lower(OpContext context, TileOp op) => op switch
    {
        TileOp.Map map => new MapWriter(context, map).Write(),
        TileOp.Reduce reduce => new ReduceWriter(context, reduce).Write(),
        TileOp.Gemm gemm => new PanelGemmWriter(context, gemm).Write(),
        _ => throw new InvalidOperationException($"no lowering for {op.GetType().Name} in a block of rows"),
    };

    private void References()
    {
        IEnumerable<Tile> tiles = program.PanelRows > 0 ? program.Tiles.Append(PanelBlocking.Sums(program)) : program.Tiles;
        foreach (Tile tile in tiles)
        {
            if (tile.Role == TileRole.Scratch)
            {
                file.Line($"ref {_element} {tile.Name} = ref {OpContext.At("f.Scratch", CodeWriter.Text(memory[program, tile].Offset))};");
                continue;
            }

            string field = BlockFields.Of(tile);
            file.Line($"ref {_element} {tile.Name} = ref {(tile.Role == TileRole.Output ? $"f.{field}" : $"Unsafe.AsRef(in f.{field})")};");
            if (tile.IsExternal)
                file.Line($"nint {tile.Name}Stride = f.{field}Stride;");
        }
    }
}
