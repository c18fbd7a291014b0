using KernelGen.Generator.Expressions;
using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>Lowers <see cref="TileOp.Map"/>: words of a row-major tile are dealt out to the threads in order, so that neighbours touch neighbours.</summary>
internal sealed class GpuMapWriter(GpuContext context, TileOp.Map map)
{
    /// <summary>Loads of so many words may be in flight in a thread at once.</summary>
    private const int MostUnrolled = 8;

    private readonly GpuOperands _operands = new(context);

    private Tile Shape => map.Assigns[0].Target;

    public void Write()
    {
        context.Order(context.Places(TileProgram.Reads(map)), context.Places(TileProgram.Writes(map)));
        if (Shape.IsVector)
            Vector();
        else
            Matrix();
    }

    private void Matrix()
    {
        GpuTile home = context.Schedule[Shape];
        bool isExternal = home.Home == GpuHome.Global;
        int words = isExternal ? (Shape.Columns.Size + 3) / 4 : home.FilledWords, rows = isExternal ? Shape.Rows.Size : home.Rows, units = rows * words;
        int rounds = (units + context.Threads - 1) / context.Threads;
        if (rounds > MostUnrolled)
        {
            using (context.Out.Block($"for (int unit = t; unit < {GpuContext.Text(units)}; unit += {GpuContext.Text(context.Threads)})"))
                Unit("unit", words);
            return;
        }

        for (int i = 0; i < rounds; i++)
        {
            string unit = i == 0 ? "t" : $"(t + {GpuContext.Text(i * context.Threads)})";
            using (context.Out.Block((i + 1) * context.Threads > units ? $"if ({unit} < {GpuContext.Text(units)})" : null))
                Unit(unit, words);
        }
    }

    private void Unit(string unit, int words)
    {
        context.Out.Line($"int row = {GpuContext.Divide(unit, words)}, word = {GpuContext.Modulo(unit, words)};");
        List<string> tests = [];
        if (Shape.Rows.Tokens)
            tests.Add("row < end");
        else if (GpuSchedule.Up(Shape.Rows.Size, GpuGrid.Step) != Shape.Rows.Size)
            tests.Add($"row < {GpuContext.Text(Shape.Rows.Size)}");
        if (map.Guard is { } flags)
            tests.Add($"({flags.Name}.Length == 0 || {flags.Name}[{flags.Name}Row + (row * {flags.Name}Token)] != 0)");
        string[] results = [.. map.Assigns.Select((_, i) => $"z{GpuContext.Text(i)}")];
        if (tests.Count > 0)
        {
            foreach (string result in results)
                context.Out.Line($"Float4 {result} = default;");
        }

        using (context.Out.Block(tests.Count == 0 ? null : $"if ({string.Join(" && ", tests)})"))
        {
            string[][] args = [.. map.Operands.Select((o, i) => _operands.Fetch(o, "x" + GpuContext.Text(i), "row", "word", null))];
            string[][] values = _operands.Values([.. map.Assigns], args, "row", "word", map.Region == Region.Lower);
            for (int a = 0; a < results.Length; a++)
            {
                if (tests.Count == 0)
                    _operands.Store(map.Assigns[a].Target, "row", "word", values[a]);
                else
                    context.Out.Line($"{results[a]} = new Float4({string.Join(", ", values[a])});");
            }
        }

        if (tests.Count == 0)
            return;
        for (int a = 0; a < results.Length; a++)
            _operands.Store(map.Assigns[a].Target, "row", "word", [.. GpuContext.Components.Select(c => $"{results[a]}.{c}")]);
    }

    /// <summary>One element a thread.</summary>
    private void Vector()
    {
        int count = Shape.Rows.Size * Shape.Columns.Size;
        using (context.Out.Block($"for (int i = t; i < {GpuContext.Text(count)}; i += {GpuContext.Text(context.Threads)})"))
        {
            ExprWriter expressions = new(Dialect.Gpu, sizeof(float), context.Out, e => e switch
            {
                Expr.Arg arg => Leaf(map.Operands[arg.Position]),
                Expr.Index index => (index.Axis == Axis.Row) == Shape.Columns.IsUnit ? "(float)i" : "0f",
                _ => "(float)end",
            });
            foreach (Assign assign in map.Assigns)
                context.Out.Line($"{GpuContext.Element(context.Schedule[assign.Target], "i")} = {expressions.Write(assign.Value)};");
        }
    }

    private string Leaf(Operand operand) => operand.Tile.Role == TileRole.Parameter
        ? operand.Tile.Name
        : GpuContext.Element(context.Schedule[operand.Tile], operand.By == Broadcast.Scalar ? "0" : "i");
}
