using KernelGen.Generator.Expressions;
using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>
/// Lowers <see cref="TileOp.Reduce"/>. Along a row several threads sum words of it, neighbours in different rows, which the swizzle puts in different banks; down a
/// column threads sum words of four columns. Parts then meet in shared memory.
/// </summary>
internal sealed class GpuReduceWriter(GpuContext context, TileOp.Reduce reduce)
{
    private readonly GpuOperands _operands = new(context);

    private Tile Shape => reduce.Assigns[0].Target;

    private int Split => context.Schedule.ReduceSplit(reduce);

    public void Write()
    {
        (int, int)[] parts = Split > 1 ? [(context.Schedule.Parts(reduce), context.Schedule.PartWords(reduce))] : [];
        context.Order(context.Places(reduce.Terms.SelectMany(t => t.Operands).Select(o => o.Tile)), parts);
        if (reduce.Over == Axis.Column)
            AlongRows();
        else
            DownColumns();
    }

    private void AlongRows()
    {
        int rows = GpuSchedule.Up(Shape.Rows.Size, 8);
        string sum = "sum" + GpuContext.Text(context.Unique());
        context.Out.Line($"float {sum} = 0f;");
        using (context.Out.Block($"if (t < {GpuContext.Text(rows * Split)})"))
        {
            context.Out.Line($"int row = {GpuContext.Modulo("t", rows)};");
            foreach (ReduceTerm term in reduce.Terms)
            {
                int words = (term.Operands[0].Tile.Columns.Size + 3) / 4;

                // Rows eight apart have the same swizzle, and a word is half of what is swizzled: half of the threads take halves in opposite order.
                bool isTurned = context.Tensors?.Holds(term.Operands[0].Tile) == true;
                if (isTurned)
                    words = context.Schedule[term.Operands[0].Tile].FilledWords;
                string index = isTurned ? "half" : "word";
                using (context.Out.Block($"for (int {index} = {GpuContext.Divide("t", rows)}; {index} < {GpuContext.Text(words)}; {index} += {GpuContext.Text(Split)})"))
                {
                    if (isTurned)
                        context.Out.Line("int word = half ^ ((row >> 3) & 1);");
                    Add(term, sum);
                }
            }
        }

        Finish(sum, rows, "row");
    }

    /// <summary>Padding is zero in every tile, but not in what is made of it: elements behind the last column, and rows behind the last token, are left out.</summary>
    private void Add(ReduceTerm term, string sum)
    {
        Tile tile = term.Operands[0].Tile;
        List<string> tests = [];
        if (tile.Rows.Tokens)
            tests.Add("row < end");
        using (context.Out.Block(tests.Count == 0 ? null : $"if ({string.Join(" && ", tests)})"))
        {
            string[][] args = [.. term.Operands.Select((o, i) => _operands.Fetch(o, "x" + GpuContext.Text(i), "row", "word", null))];
            Assign[] value = [new Assign(tile, term.Value)];
            string[] four = _operands.Values(value, args, "row", "word", term.Lower)[0];
            context.Out.Line($"{sum} += ({four[0]} + {four[1]}) + ({four[2]} + {four[3]});");
        }
    }

    private void DownColumns()
    {
        int words = (Shape.Columns.Size + 3) / 4;
        string sum = "sum" + GpuContext.Text(context.Unique());
        context.Out.Line($"Float4 {sum} = default;");
        using (context.Out.Block($"if (t < {GpuContext.Text(words * Split)})"))
        {
            context.Out.Line($"int word = {GpuContext.Modulo("t", words)};");
            foreach (ReduceTerm term in reduce.Terms)
            {
                Tile tile = term.Operands[0].Tile;
                string rows = tile.Rows.Tokens ? "end" : GpuContext.Text(tile.Rows.Size);
                using (context.Out.Block($"for (int row = {GpuContext.Divide("t", words)}; row < {rows}; row += {GpuContext.Text(Split)})"))
                {
                    string[][] args = [.. term.Operands.Select((o, i) => _operands.Fetch(o, "x" + GpuContext.Text(i), "row", "word", null))];
                    Assign[] value = [new Assign(tile, term.Value)];
                    string[] four = _operands.Values(value, args, "row", "word", isLower: false)[0];
                    for (int j = 0; j < 4; j++)
                        context.Out.Line($"{sum}.{GpuContext.Components[j]} += {four[j]};");
                }
            }
        }

        if (Split > 1)
        {
            string parts = GpuContext.Text(context.Schedule.Parts(reduce));
            using (context.Out.Block($"if (t < {GpuContext.Text(words * Split)})"))
                context.Out.Line($"shared[{parts} + t] = {sum};");
            Meet();
            using (context.Out.Block($"for (int i = t; i < {GpuContext.Text(Shape.Columns.Size)}; i += {GpuContext.Text(context.Threads)})"))
            {
                context.Out.Line("float all = 0f;");
                using (context.Out.Block($"for (int part = 0; part < {GpuContext.Text(Split)}; part++)"))
                    context.Out.Line($"all += scalars[(({parts} + (part * {GpuContext.Text(words)})) * 4) + i];");
                Assign("all", "i");
            }

            return;
        }

        context.Order(context.Places(reduce.Operands.Select(o => o.Tile)), context.Places(TileProgram.Writes(reduce)));
        using (context.Out.Block($"if (t < {GpuContext.Text(words)})"))
        {
            for (int j = 0; j < 4; j++)
            {
                using (context.Out.Block($"if ((4 * t) + {GpuContext.Text(j)} < {GpuContext.Text(Shape.Columns.Size)})"))
                    Assign($"{sum}.{GpuContext.Components[j]}", $"(4 * t) + {GpuContext.Text(j)}");
            }
        }
    }

    private void Finish(string sum, int rows, string index)
    {
        if (Split > 1)
        {
            string parts = GpuContext.Text(context.Schedule.Parts(reduce) * 4);
            using (context.Out.Block($"if (t < {GpuContext.Text(rows * Split)})"))
                context.Out.Line($"scalars[{parts} + t] = {sum};");
            Meet();
        }
        else
        {
            context.Order(context.Places(reduce.Operands.Select(o => o.Tile)), context.Places(TileProgram.Writes(reduce)));
        }

        using (context.Out.Block($"if (t < {GpuContext.Text(Shape.Rows.Size)})"))
        {
            context.Out.Line($"int {index} = t;");
            if (Split > 1)
            {
                context.Out.Line("float all = 0f;");
                using (context.Out.Block($"for (int part = 0; part < {GpuContext.Text(Split)}; part++)"))
                    context.Out.Line($"all += scalars[{GpuContext.Text(context.Schedule.Parts(reduce) * 4)} + (part * {GpuContext.Text(rows)}) + {index}];");
            }

            Assign(Split > 1 ? "all" : sum, index);
        }
    }

    /// <summary>Parts are written: threads meet before they are added, and the results may then lie wherever nobody reads.</summary>
    private void Meet()
    {
        context.Order([(context.Schedule.Parts(reduce), context.Schedule.PartWords(reduce)), .. context.Places(reduce.Operands.Select(o => o.Tile))], context.Places(TileProgram.Writes(reduce)));
    }

    private void Assign(string sum, string index)
    {
        ExprWriter expressions = new(Dialect.Gpu, sizeof(float), context.Out, e => e switch
        {
            Expr.Arg { Position: 0 } => sum,
            Expr.Arg arg => Leaf(reduce.Operands[arg.Position - 1], index),
            Expr.Index => $"(float)({index})",
            _ => "(float)end",
        });
        string[] values = [.. reduce.Assigns.Select(a => expressions.Write(a.Value))];
        for (int a = 0; a < values.Length; a++)
            Store(reduce.Assigns[a].Target, index, values[a]);
    }

    /// <summary>What another phase will read goes to device memory too: a slice's part of a sum, or else what all slices have, from the first.</summary>
    private void Store(Tile target, string index, string value)
    {
        context.Out.Line($"{GpuContext.Element(context.Schedule[target], index)} = {value};");
        if (target.Role != TileRole.Tokens)
            return;
        GpuSlices slices = context.Slices;
        string once = slices.Count == 1 || slices.Sums.Contains(target.Name) ? "" : " && slice == 0";
        context.Out.Line($"if ({index} < end{once}) {target.Name}[{target.Name}Row + ({index} * {target.Name}Token)] = {value};");
    }

    private string Leaf(Operand operand, string index) => operand.Tile.Role == TileRole.Parameter
        ? operand.Tile.Name
        : GpuContext.Element(context.Schedule[operand.Tile], operand.By == Broadcast.Scalar ? "0" : index);
}
