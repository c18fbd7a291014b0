using KernelGen.Generator.Expressions;
using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>
/// Elements of tiles by fours: what an op's expressions read at a row and the four columns of a word, and how four results are stored there. Statements go to the
/// context's writer; rows and words are names of integers.
/// </summary>
internal sealed class GpuOperands(GpuContext context)
{
    /// <summary>Whether a tile of the caller's is read and written four elements at a time: where its rows are whole words.</summary>
    public static bool IsWide(Tile tile) => tile.Columns.Size % 4 == 0;

    /// <summary>
    /// Writes the statements that fetch an operand, and returns the names of its four elements. Rows of the caller's are read below <c>end</c> only: whoever calls has
    /// seen to that.
    /// </summary>
    /// <param name="operand">The tile and how it covers the op.</param>
    /// <param name="name">Prefix of the locals.</param>
    /// <param name="row">The op's row.</param>
    /// <param name="word">The op's word of four columns.</param>
    /// <param name="register">Element of a state matrix in this thread's registers, by component; null where the op has none.</param>
    public string[] Fetch(Operand operand, string name, string row, string word, Func<Tile, int, string>? register)
    {
        Tile tile = operand.Tile;
        GpuTile home = context.Schedule[tile];
        if (tile.Role == TileRole.Parameter)
            return Same(tile.Name);
        switch (operand.By)
        {
            case Broadcast.Scalar:
                context.Out.Line($"float {name} = {GpuContext.Element(home, "0")};");
                return Same(name);
            case Broadcast.Row:
                context.Out.Line($"float {name} = {GpuContext.Element(home, row)};");
                return Same(name);
            case Broadcast.Column:
                context.Out.Line($"Float4 {name} = shared[{GpuContext.Text(home.Offset)} + {word}];");
                return Components(name);
            case Broadcast.Diagonal:
                return Each(name, j => GpuContext.Element(home, $"{GpuContext.Text((tile.Columns.Size / 2) - 1 + j)} - {row} + (4 * {word})"));
            case Broadcast.Transposed:
                return Each(name, j => GpuContext.Scalar(home, $"((4 * {word}) + {GpuContext.Text(j)})", row));
            case Broadcast.None when home.Home == GpuHome.Registers && register is not null:
                return [.. Enumerable.Range(0, 4).Select(j => register(tile, j))];
            case Broadcast.None when context.Tensors is { } tensors && tensors.Holds(tile):
                context.Out.Line($"Float4 {name} = {tensors.Read(tile, row, word)};");
                return Components(name);
            case Broadcast.None when home.Home == GpuHome.Shared:
                context.Out.Line($"Float4 {name} = {GpuContext.Word(home, row, word)};");
                return Components(name);
            case Broadcast.None when home.Home == GpuHome.SharedVector:
                context.Out.Line($"Float4 {name} = shared[{GpuContext.Text(home.Offset)} + {word}];");
                return Components(name);
            case Broadcast.None when IsWide(tile):
                string words = Widened(tile, $"{tile.Name}Words[{tile.Name}Row + ({row} * {tile.Name}Token) + {word}]");
                if (IsFull(tile))
                {
                    context.Out.Line($"Float4 {name} = {words};");
                    return Components(name);
                }

                context.Out.Line($"Float4 {name} = default;");
                using (context.Out.Block($"if ({Within(tile, word)})"))
                    context.Out.Line($"{name} = {words};");
                return Components(name);
            default:
                return Each(name, j => $"(4 * {word}) + {GpuContext.Text(j)} < {GpuContext.Text(tile.Columns.Size)} ? {WidenedOne(tile, $"{tile.Name}[{tile.Name}Row + ({row} * {tile.Name}Token) + (4 * {word}) + {GpuContext.Text(j)}]")} : 0f");
        }
    }

    /// <summary>Stores four results of a row.</summary>
    public void Store(Tile tile, string row, string word, string[] values)
    {
        GpuTile home = context.Schedule[tile];
        if (context.Tensors is { } tensors && tensors.Holds(tile))
        {
            context.Out.Line(tensors.Write(tile, row, word, $"new Float4({string.Join(", ", values)})"));
            return;
        }

        if (home.Home == GpuHome.Shared)
        {
            context.Out.Line($"{GpuContext.Word(home, row, word)} = new Float4({string.Join(", ", values)});");
            return;
        }

        if (IsWide(tile))
        {
            using (context.Out.Block(IsFull(tile) ? null : $"if ({Within(tile, word)})"))
                context.Out.Line($"{tile.Name}Words[{tile.Name}Row + ({row} * {tile.Name}Token) + {word}] = {Rounded(tile, $"new Float4({string.Join(", ", values)})")};");
            return;
        }

        for (int j = 0; j < 4; j++)
        {
            using (context.Out.Block($"if ((4 * {word}) + {GpuContext.Text(j)} < {GpuContext.Text(tile.Columns.Size)})"))
                context.Out.Line($"{tile.Name}[{tile.Name}Row + ({row} * {tile.Name}Token) + (4 * {word}) + {GpuContext.Text(j)}] = {RoundedOne(tile, values[j])};");
        }
    }

    /// <summary>
    /// The values of assignments at four neighbouring columns, in locals <c>y0_0</c> ...: zero behind the tile's last column, and right of the diagonal where only the
    /// lower triangle is wanted (products read whole tiles).
    /// </summary>
    /// <param name="assigns">What is assigned.</param>
    /// <param name="args">Four elements of each operand, by its position in the expressions.</param>
    /// <param name="row">The row.</param>
    /// <param name="word">The word.</param>
    /// <param name="isLower">Whether the op's region is lower.</param>
    /// <param name="isPadded">Whether there may be columns behind the tile's last whose values matter.</param>
    public string[][] Values(IReadOnlyList<Assign> assigns, string[][] args, string row, string word, bool isLower, bool isPadded = true)
    {
        string[][] names = [.. assigns.Select((_, a) => Enumerable.Range(0, 4).Select(j => $"y{GpuContext.Text(a)}_{GpuContext.Text(j)}").ToArray())];
        foreach (string[] four in names)
            context.Out.Line($"float {string.Join(", ", four.Select(n => n + " = 0f"))};");
        for (int j = 0; j < 4; j++)
        {
            string column = $"((4 * {word}) + {GpuContext.Text(j)})";
            int size = assigns[0].Target.Columns.Size, component = j;
            List<string> tests = [];
            if (isPadded && GpuSchedule.ColumnTiles(assigns[0].Target) * GpuGrid.TileColumns != size)
                tests.Add($"{column} < {GpuContext.Text(size)}");
            if (isLower)
                tests.Add($"{column} <= {row}");
            using (context.Out.Block(tests.Count == 0 ? null : $"if ({string.Join(" && ", tests)})"))
            {
                ExprWriter expressions = new(Dialect.Gpu, sizeof(float), context.Out, e => e switch
                {
                    Expr.Arg arg => args[arg.Position][component],
                    Expr.Index { Axis: Axis.Row } => $"(float){row}",
                    Expr.Index => $"(float){column}",
                    _ => "(float)end",
                });
                for (int a = 0; a < assigns.Count; a++)
                    context.Out.Line($"{names[a][j]} = {expressions.Write(assigns[a].Value)};");
            }
        }

        return names;
    }

    /// <summary>Four elements of a tensor as single ones.</summary>
    private string Widened(Tile tile, string word) => context.IsNarrow(tile) ? $"{Formats}.From{context.Format}({word})" : word;

    private string Formats => context.Tensors is null ? "Half4" : "TensorTile";

    private string WidenedOne(Tile tile, string element) => context.IsNarrow(tile) ? $"HalfWords.Low{context.Format}({element})" : element;

    private string Rounded(Tile tile, string four) => context.IsNarrow(tile) ? $"{Formats}.To{context.Format}({four})" : four;

    private string RoundedOne(Tile tile, string value) => context.IsNarrow(tile) ? $"(ushort)HalfWords.{context.Format}({value})" : value;

    /// <summary>Whether a tile of the caller's has no columns behind its last that threads have tiles for.</summary>
    private static bool IsFull(Tile tile) => GpuSchedule.ColumnTiles(tile) * GpuGrid.TileColumns == tile.Columns.Size;

    private static string Within(Tile tile, string word) => $"{word} < {GpuContext.Text(tile.Columns.Size / 4)}";

    private string[] Each(string name, Func<int, string> element)
    {
        string[] names = [.. Enumerable.Range(0, 4).Select(j => $"{name}_{GpuContext.Text(j)}")];
        for (int j = 0; j < 4; j++)
            context.Out.Line($"float {names[j]} = {element(j)};");
        return names;
    }

    private static string[] Same(string name) => [name, name, name, name];

    private static string[] Components(string name) => [.. GpuContext.Components.Select(c => $"{name}.{c}")];
}
