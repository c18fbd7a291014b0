using System.Globalization;
using KernelGen.Generator.Expressions;
using KernelGen.Generator.Schedule;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>
/// Lowers <see cref="TileOp.Reduce"/>. Over columns the order of additions is that of 64 bytes of lanes whatever the vector's width: a narrower
/// target keeps as many accumulators as make up 64 bytes.
/// </summary>
internal sealed class ReduceWriter(OpContext context, TileOp.Reduce reduce)
{
    private const int RowPanel = 4;
    private readonly Tile _shape = reduce.Assigns[0].Target;

    private CodeWriter Out => context.Methods;

    private Dialect Spell => context.Dialect;

    public string Write()
    {
        string name = context.UniqueName("Reduce" + OpContext.Title(_shape.Name));
        OpSignature signature = new(context);
        foreach (Operand operand in reduce.Terms.SelectMany(t => t.Operands).Concat(reduce.Operands))
            signature.Add(operand.Tile);
        foreach (Assign assign in reduce.Assigns)
            signature.Add(assign.Target);
        if (reduce.Over == Axis.Column)
            signature.AddValue("int", "begin");
        signature.AddValue("int", "end");
        using (context.Method(reduce.Note, $"private static void {name}({signature.Parameters})"))
        {
            if (reduce.Over == Axis.Column)
                OverColumns();
            else
                OverRows();
        }

        return $"{name}({signature.Arguments});";
    }

    private void OverColumns()
    {
        int accumulators = context.Program.Lanes / context.Lanes;
        using (Out.Block("for (int r = begin; r < end; r++)"))
        {
            for (int a = 0; a < accumulators; a++)
                Out.Line($"{context.Vector} s{CodeWriter.Text(a)} = {(reduce.Maximum ? Least : Spell.Zero(context.Bytes))};");
            int index = 0;
            foreach (ReduceTerm term in reduce.Terms)
                Term(term, index++, accumulators);
            Out.Line($"{context.Element} sum = {Total(accumulators)};");
            using (Out.Block())
                RowAssignments();
        }
    }

    private void RowAssignments()
    {
        ExprWriter writer = new(Dialect.Of(Target.Scalar), context.Bytes, Out, e => e switch
        {
            Expr.Arg { Position: 0 } => "sum",
            Expr.Arg arg => ScalarOperand(reduce.Operands[arg.Position - 1]),
            Expr.Index { Axis: Axis.Row } => $"({context.Element})r",
            _ => throw new InvalidOperationException("a row sum has no column"),
        });
        foreach ((Tile target, string value) in reduce.Assigns.Select(a => (a.Target, writer.Write(a.Value))).ToList())
            Out.Line($"Unsafe.Add(ref {target.Name}, r) = {value};");
    }

    private static string ScalarOperand(Operand operand) => operand.By switch
    {
        Broadcast.Row => $"Unsafe.Add(ref {operand.Tile.Name}, r)",
        Broadcast.Scalar => operand.Tile.Name,
        _ => throw new InvalidOperationException($"a row sum cannot read {operand.Tile.Name} by {operand.By}"),
    };

    /// <summary>
    /// Adds a term's columns, 64 bytes at a time; a tail shorter than that only into the accumulators whose vectors it reaches. Padding in a
    /// reached vector is zero.
    /// </summary>
    private void Term(ReduceTerm term, int index, int accumulators)
    {
        int columns = term.Operands[0].Tile.Columns.Size;
        int lanes = context.Program.Lanes;
        int whole = columns / lanes * lanes;
        for (int i = 0; i < term.Operands.Count; i++)
        {
            Operand operand = term.Operands[i];
            if (operand.By == Broadcast.None)
                Out.Line($"ref {context.Element} u{CodeWriter.Text(index)}{CodeWriter.Text(i)} = ref {OpContext.At(operand.Tile.Name, OpContext.Times("r", context.Memory(operand.Tile).Stride))};");
        }

        if (whole > 0)
        {
            string bound = term.Lower ? "r + 1" : CodeWriter.Text(whole);
            using (Out.Block($"for (int c = 0; c < {bound}; c += {CodeWriter.Text(lanes)})"))
            {
                for (int a = 0; a < accumulators; a++)
                    Accumulate(term, index, a, Offset("c", a * context.Lanes));
            }
        }

        for (int a = 0; a < context.Vectors(columns - whole); a++)
            Accumulate(term, index, a, CodeWriter.Text(whole + (a * context.Lanes)), Math.Min(context.Lanes, columns - whole - (a * context.Lanes)));
    }

    /// <summary>What is below every number.</summary>
    private string Least => Spell.Broadcast(Dialect.Literal(double.NegativeInfinity, context.Bytes));

    /// <param name="term">The term.</param>
    /// <param name="index">Its number.</param>
    /// <param name="accumulator">Which of those that make up 64 bytes.</param>
    /// <param name="column">First column of the vector.</param>
    /// <param name="valid">Lanes that hold columns and not padding: of sums all may count, padding being zero.</param>
    private void Accumulate(ReduceTerm term, int index, int accumulator, string column, int? valid = null)
    {
        string sum = "s" + CodeWriter.Text(accumulator);
        if (reduce.Maximum)
        {
            string element = Load(((Expr.Arg)term.Value).Position);
            bool isPartial = valid is { } lanes && lanes < context.Lanes;
            Out.Line($"{sum} = {Spell.Binary(BinaryOp.Max, sum, isPartial ? Spell.Keep(element, valid!.Value, context.Bytes, Least) : element, context.Bytes)};");
            return;
        }

        if (term.Value is Expr.Arg only)
        {
            Out.Line($"{sum} += {Load(only.Position)};");
            return;
        }

        using (Out.Block())
        {
            ExprWriter writer = new(Spell, context.Bytes, Out, e => e switch
            {
                Expr.Arg { Position: -1 } => sum,
                Expr.Arg arg => Load(arg.Position),
                _ => throw new InvalidOperationException("indices are not read in row sums"),
            });
            Out.Line($"{sum} = {writer.Write(new Expr.Arg(-1) + term.Value)};");
        }

        string Load(int position)
        {
            Operand operand = term.Operands[position];
            return operand.By switch
            {
                Broadcast.None => Spell.Load($"u{CodeWriter.Text(index)}{CodeWriter.Text(position)}", column),
                Broadcast.Column => Spell.Load(operand.Tile.Name, column),
                Broadcast.Row => Spell.Broadcast($"Unsafe.Add(ref {operand.Tile.Name}, r)"),
                _ => throw new InvalidOperationException($"a row sum cannot add {operand.Tile.Name} by {operand.By}"),
            };
        }
    }

    private string Total(int accumulators)
    {
        string[] names = Enumerable.Range(0, accumulators).Select(a => "s" + CodeWriter.Text(a)).ToArray();
        if (reduce.Maximum)
            return Spell.IsScalar ? names.Aggregate((a, b) => Spell.Binary(BinaryOp.Max, a, b, context.Bytes)) : $"VectorLanes.Max({string.Join(", ", names)})";
        return Spell.IsScalar ? Tree(names) : $"VectorLanes.Sum({string.Join(", ", names)})";

        // Lane l meets lane l + n/2, then l + n/4, ...: the runtime's tree for vectors.
        static string Tree(string[] lanes)
        {
            while (lanes.Length > 1)
                lanes = Enumerable.Range(0, lanes.Length / 2).Select(l => $"({lanes[l]} + {lanes[l + (lanes.Length / 2)]})").ToArray();
            return lanes[0];
        }
    }

    private void OverRows()
    {
        ReduceTerm term = reduce.Terms.Single();
        int vectors = context.Vectors(_shape.Columns.Size);
        for (int first = 0; first < vectors;)
        {
            int width = Math.Min(RowPanel, vectors - first);
            int panels = (vectors - first) / width;
            string column = "c";
            int step = width * context.Lanes;
            int start = first * context.Lanes;
            using (Out.Block(panels > 1 ? $"for (int c = {CodeWriter.Text(start)}; c < {CodeWriter.Text(start + (panels * step))}; c += {CodeWriter.Text(step)})" : null))
            {
                if (panels == 1)
                    column = CodeWriter.Text(start);
                ColumnPanel(term, width, column);
            }

            first += width * panels;
        }
    }

    private void ColumnPanel(ReduceTerm term, int width, string column)
    {
        for (int v = 0; v < width; v++)
            Out.Line($"{context.Vector} s{CodeWriter.Text(v)} = {Spell.Zero(context.Bytes)};");
        Operand summand = term.Operands[0];
        Out.Line($"ref {context.Element} u = ref {OpContext.At(summand.Tile.Name, column)};");
        using (Out.Block("for (int r = 0; r < end; r++)"))
        {
            foreach (int p in Enumerable.Range(1, term.Operands.Count - 1))
                Out.Line($"{context.Vector} w{CodeWriter.Text(p)} = {Spell.Broadcast($"Unsafe.Add(ref {term.Operands[p].Tile.Name}, r)")};");
            for (int v = 0; v < width; v++)
                AddRow(term, "s" + CodeWriter.Text(v), v * context.Lanes);
            Out.Line($"u = ref Unsafe.Add(ref u, {CodeWriter.Text(context.Memory(summand.Tile).Stride)});");
        }

        for (int v = 0; v < width; v++)
        {
            using (Out.Block())
            {
                string at = Offset(column, v * context.Lanes);
                ExprWriter writer = new(Spell, context.Bytes, Out, e => e switch
                {
                    Expr.Arg { Position: 0 } => "s" + CodeWriter.Text(v),
                    Expr.Arg arg => Named(arg.Position, at),
                    _ => throw new InvalidOperationException("indices are not read in column sums"),
                });
                foreach ((Tile target, string value) in reduce.Assigns.Select(a => (a.Target, writer.Write(a.Value))).ToList())
                    Out.Line(Spell.Store(value, target.Name, at) + ";");
            }
        }

        string Named(int position, string at)
        {
            Operand operand = reduce.Operands[position - 1];
            string name = "x" + CodeWriter.Text(position);
            Out.Line($"{context.Vector} {name} = {(operand.By == Broadcast.Scalar ? Spell.Broadcast(operand.Tile.Name) : Spell.Load(operand.Tile.Name, at))};");
            return name;
        }
    }

    private void AddRow(ReduceTerm term, string sum, int column)
    {
        string summand = Spell.Load("u", CodeWriter.Text(column));
        if (term.Value is Expr.Arg)
        {
            Out.Line($"{sum} += {summand};");
            return;
        }

        using (Out.Block())
        {
            ExprWriter writer = new(Spell, context.Bytes, Out, e => e switch
            {
                Expr.Arg { Position: -1 } => sum,
                Expr.Arg { Position: 0 } => summand,
                Expr.Arg arg => "w" + CodeWriter.Text(arg.Position),
                _ => throw new InvalidOperationException("indices are not read in column sums"),
            });
            Out.Line($"{sum} = {writer.Write(new Expr.Arg(-1) + term.Value)};");
        }
    }

    private static string Offset(string column, int add) =>
        add == 0 ? column : int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? CodeWriter.Text(number + add) : $"{column} + {CodeWriter.Text(add)}";
}
