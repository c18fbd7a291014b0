using KernelGen.Generator.Expressions;
using KernelGen.Generator.Schedule;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;
using static KernelGen.Generator.Backends.Cpu.OffsetText;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>
/// One register tile of a product as a method: rows x vectors accumulators as named locals (an array
/// of them would live in memory), the sums over k, then the assignments element by element. References arrive positioned at the tile's first row and column.
/// </summary>
internal sealed class RegisterTileWriter
{
    private readonly OpContext _context;
    private readonly TileOp.Gemm _gemm;
    private readonly int _rows;
    private readonly int _vectors;
    private readonly bool _tail;
    // Whether accumulators start from what the first target holds: a sum that goes on has the bits of one that was never put down.
    private readonly bool _continues;
    private readonly List<(string Declaration, Func<string, string, string> Argument)> _parameters = [];

    public RegisterTileWriter(OpContext context, TileOp.Gemm gemm, int rows, int vectors, bool tail, bool continues = false)
    {
        (_context, _gemm, _rows, _vectors, _tail, _continues) = (context, gemm, rows, vectors, tail, continues);
        for (int t = 0; t < gemm.Terms.Count; t++)
            AddTerm(gemm.Terms[t], CodeWriter.Text(t));
        for (int o = 0; o < gemm.Operands.Count; o++)
            AddOperand(gemm.Operands[o], "x" + CodeWriter.Text(o));
        for (int a = 0; a < gemm.Assigns.Count; a++)
            AddTarget(gemm.Assigns[a].Target, "y" + CodeWriter.Text(a));
        if (Uses(e => e is Expr.Index { Axis: Axis.Row }))
            _parameters.Add(("int row", (i, _) => i));
        if (Uses(e => e is Expr.Index { Axis: Axis.Column }))
            _parameters.Add(("int column", (_, j) => j));
        if (Uses(e => e is Expr.ChunkEnd))
            _parameters.Add(("int end", (_, _) => "end"));
    }

    /// <summary>One line for the method's summary, in terms of its parameters: c = a0 b0 + lower(a1) b1; y0 = c * x0.</summary>
    public string Summary
    {
        get
        {
            string sums = "";
            for (int t = 0; t < _gemm.Terms.Count; t++)
            {
                string number = CodeWriter.Text(t), a = "a" + number;
                string product = (_gemm.Terms[t].Triangle switch { Triangle.Lower => $"lower({a})", Triangle.Upper => $"upper({a})", _ => a }) + " b" + number;
                sums = sums.Length == 0 ? product : $"{sums} + {product}";
                if (_gemm.Terms[t].RowScale is not null)
                    sums = $"s{number} ({sums})";
            }

            IEnumerable<string> values = _gemm.Assigns.Select((a, i) => $"; y{CodeWriter.Text(i)} = {ExprText.Of(a.Value, p => p == 0 ? "c" : "x" + CodeWriter.Text(p - 1))}");
            return $"{CodeWriter.Text(_rows)} rows x {CodeWriter.Text(_vectors)} vectors: c = {(_continues ? "y0 + " : "")}{sums}{string.Concat(values)}";
        }
    }

    public string Parameters => string.Join(", ", _parameters.Select(p => p.Declaration));

    private CodeWriter Out => _context.Methods;

    private Dialect Spell => _context.Dialect;

    /// <summary>Arguments for the tile whose first element is (<paramref name="i"/>, <paramref name="j"/>).</summary>
    public string Arguments(string i, string j) => string.Join(", ", _parameters.Select(p => p.Argument(i, j)));

    /// <summary>How far elements lie apart, how deep sums are, where rows end: with the summary and the parameters, all that a body depends on.</summary>
    public string Distances
    {
        get
        {
            IEnumerable<int> distances = _gemm.Terms
                .SelectMany(t => new[] { _context.Memory(t.A).Stride, t.TransposeA ? 1 : 0, BStride(t), HasRunTimeDepth(t) ? 0 : Depth(t).Size })
                .Concat(_gemm.Operands.SelectMany(o => new[] { (int)o.By, o.By == Broadcast.Transposed ? _context.Memory(o.Tile).TransposedStride : o.By == Broadcast.None ? _context.Memory(o.Tile).Stride : 0 }))
                .Concat(_gemm.Assigns.SelectMany(a => new[] { a.Target.IsExternal ? -1 : _context.Memory(a.Target).Stride, _tail ? a.Target.Columns.Size : 0 }));
            return string.Join(" ", distances.Select(CodeWriter.Text));
        }
    }

    /// <summary>The method's body, which speaks of its parameters alone.</summary>
    public void WriteBody()
    {
        for (int r = 0; r < _rows; r++)
            Out.Line(string.Join(" ", Enumerable.Range(0, _vectors).Select(c => $"{_context.Vector} {Accumulator(r, c)} = {Start(r, c)};")));
        for (int t = 0; t < _gemm.Terms.Count; t++)
            Term(_gemm.Terms[t], CodeWriter.Text(t));
        Assignments();
    }

    private string Start(int r, int c) => _continues
        ? Spell.Load("y0", CodeWriter.Text((r * _context.Memory(_gemm.Assigns[0].Target).Stride) + (c * _context.Lanes)))
        : Spell.Zero(_context.Bytes);

    private static string Accumulator(int r, int c) => $"c{CodeWriter.Text(r)}_{CodeWriter.Text(c)}";

    private void AddTerm(GemmTerm term, string t)
    {
        TileMemory a = _context.Memory(term.A);
        int rowStride = term.TransposeA ? 1 : a.Stride;
        // An upper triangle begins on its diagonal: at k = i.
        int skipA = term.Triangle == Triangle.Upper ? DepthStride(term.TransposeA, a) : 0;
        int skipB = term.Triangle == Triangle.Upper ? BStride(term) : 0;
        _parameters.Add(($"ref {_context.Element} a{t}", (i, _) => Ref(term.A.Name, Scaled(i, rowStride + skipA))));
        _parameters.Add(($"ref {_context.Element} b{t}", (i, j) => Ref(term.B.Name + (term.TransposeB ? "T" : ""), skipB == 0 ? j : Sum(Scaled(i, skipB), j))));
        if (term.RowScale is { } scale)
            _parameters.Add(($"ref {_context.Element} s{t}", (i, _) => Ref(scale.Name, i)));
        if (term.Triangle == Triangle.Lower)
            _parameters.Add(($"int n{t}", (i, _) => i));
        else if (term.Triangle == Triangle.Upper)
            _parameters.Add(($"int n{t}", (i, _) => $"end - {i}"));
        else if (term.B.Role == TileRole.Panels)
            _parameters.Add(($"int n{t}", (_, _) => "depth"));
        else if (Depth(term).Tokens)
            _parameters.Add(($"int n{t}", (_, _) => "end"));
    }

    private static int DepthStride(bool transpose, TileMemory a) => transpose ? a.Stride : 1;

    private int BStride(GemmTerm term) => term.TransposeB ? _context.Memory(term.B).TransposedStride : _context.Memory(term.B).Stride;

    private static Extent Depth(GemmTerm term) => term.TransposeB ? term.B.Columns : term.B.Rows;
    private static bool HasRunTimeDepth(GemmTerm term) => Depth(term).Tokens || term.B.Role == TileRole.Panels;

    private void AddOperand(Operand operand, string name)
    {
        Tile tile = operand.Tile;
        string declaration = $"ref {_context.Element} {name}";
        _parameters.Add(operand.By switch
        {
            Broadcast.None => (declaration, (i, j) => Ref(tile.Name, Sum(Scaled(i, _context.Memory(tile).Stride), j))),
            Broadcast.Row => (declaration, (i, _) => Ref(tile.Name, i)),
            Broadcast.Column => (declaration, (_, j) => Ref(tile.Name, j)),
            Broadcast.Scalar => (declaration, (_, _) => "ref " + tile.Name),
            Broadcast.Transposed => (declaration, (i, j) => Ref(tile.Name + "T", Sum(Scaled(i, _context.Memory(tile).TransposedStride), j))),
            Broadcast.Diagonal => (declaration, (i, j) => Ref(tile.Name, $"{CodeWriter.Text((tile.Columns.Size / 2) - 1)} - {i}" + (j == "0" ? "" : " + " + j))),
            _ => throw new InvalidOperationException($"a product cannot read {tile.Name} by {operand.By}"),
        });
    }

    private void AddTarget(Tile tile, string name)
    {
        if (!tile.IsExternal)
        {
            _parameters.Add(($"ref {_context.Element} {name}", (i, j) => Ref(tile.Name, Sum(Scaled(i, _context.Memory(tile).Stride), j))));
            return;
        }

        _parameters.Add(($"ref {_context.Element} {name}", (i, j) => Ref(tile.Name, Sum(i == "begin" ? "0" : $"(({i} - begin) * {tile.Name}Stride)", j))));
        _parameters.Add(($"nint {name}Stride", (_, _) => tile.Name + "Stride"));
        _parameters.Add(("bool stream", (_, _) => "stream"));
    }

    private void Term(GemmTerm term, string t)
    {
        TileMemory a = _context.Memory(term.A);
        int rowStride = term.TransposeA ? 1 : a.Stride, depthStride = DepthStride(term.TransposeA, a);
        int bStride = BStride(term);
        string bound = term.Triangle != Triangle.Full || HasRunTimeDepth(term) ? "n" + t : CodeWriter.Text(Depth(term).Size);
        Out.Line();
        if (term.Triangle == Triangle.Upper)
            Diagonal(term, t, rowStride, depthStride, bStride);
        using (Out.Block($"for (int k = {(term.Triangle == Triangle.Upper ? CodeWriter.Text(_rows) : "0")}; k < {bound}; k++)"))
        {
            Step(t, rowStride, 0, _rows);
            Out.Line($"a{t} = ref Unsafe.Add(ref a{t}, {CodeWriter.Text(depthStride)});");
            Out.Line($"b{t} = ref Unsafe.Add(ref b{t}, {CodeWriter.Text(bStride)});");
        }

        if (term.Triangle == Triangle.Lower)
            Diagonal(term, t, rowStride, depthStride, bStride);
        if (term.RowScale is not null)
            ScaleRows(t);
    }

    private void ScaleRows(string t)
    {
        for (int r = 0; r < _rows; r++)
        {
            string scale = $"s{t}_{CodeWriter.Text(r)}";
            Out.Line($"{_context.Vector} {scale} = {Spell.Broadcast(OpContext.At("s" + t, CodeWriter.Text(r)))};");
            Out.Line(string.Join(" ", Enumerable.Range(0, _vectors).Select(c => $"{Accumulator(r, c)} *= {scale};")));
        }
    }

    private void Diagonal(GemmTerm term, string t, int rowStride, int depthStride, int bStride)
    {
        // The tile's own diagonal block: row r takes k up to its own, or from its own on. Nothing beyond it is read, so the future cannot leak in, not even as NaN.
        bool isUpper = term.Triangle == Triangle.Upper;
        for (int k = 0; k < _rows; k++)
        {
            using (Out.Block())
            {
                Step(t, rowStride, isUpper ? 0 : k, isUpper ? k + 1 : _rows);
                if (isUpper || k + 1 < _rows)
                {
                    Out.Line($"a{t} = ref Unsafe.Add(ref a{t}, {CodeWriter.Text(depthStride)});");
                    Out.Line($"b{t} = ref Unsafe.Add(ref b{t}, {CodeWriter.Text(bStride)});");
                }
            }
        }
    }

    /// <summary>One k: a row of B, and the elements of A in some rows times it.</summary>
    private void Step(string t, int rowStride, int firstRow, int lastRow)
    {
        for (int c = 0; c < _vectors; c++)
            Out.Line($"{_context.Vector} b{t}_{CodeWriter.Text(c)} = {Spell.Load("b" + t, CodeWriter.Text(c * _context.Lanes))};");
        for (int r = firstRow; r < lastRow; r++)
        {
            string element = OpContext.At("a" + t, CodeWriter.Text(r * rowStride));
            Out.Line($"{(r == firstRow ? _context.Vector + " " : "")}a{t}_k = {Spell.Broadcast(element)};");
            Out.Line(string.Join(" ", Enumerable.Range(0, _vectors).Select(c => $"{Accumulator(r, c)} = {Spell.MultiplyAdd($"a{t}_k", $"b{t}_{CodeWriter.Text(c)}", Accumulator(r, c))};")));
        }
    }

    private void Assignments()
    {
        Out.Line();
        for (int r = 0; r < _rows; r++)
        {
            for (int c = 0; c < _vectors; c++)
            {
                if (_gemm.Assigns.Count == 1 && _gemm.Assigns[0].Value is Expr.Arg { Position: 0 })
                {
                    Assign(_gemm.Assigns[0].Target, 0, Accumulator(r, c), r, c);
                    continue;
                }

                using (Out.Block())
                {
                    int row = r, vector = c;
                    ExprWriter writer = new(Spell, _context.Bytes, Out, e => Leaf(e, row, vector));
                    string[] values = _gemm.Assigns.Select(a => writer.Write(a.Value)).ToArray();
                    for (int a = 0; a < values.Length; a++)
                        Assign(_gemm.Assigns[a].Target, a, values[a], r, c);
                }
            }
        }
    }

    private string Leaf(Expr e, int r, int c)
    {
        switch (e)
        {
            case Expr.Arg { Position: 0 }:
                return Accumulator(r, c);
            case Expr.Arg arg:
                string name = "x" + CodeWriter.Text(arg.Position - 1);
                Out.Line($"{_context.Vector} {name}v = {Operand(_gemm.Operands[arg.Position - 1], name, r, c)};");
                return name + "v";
            case Expr.Index { Axis: Axis.Row }:
                return Spell.Broadcast($"({_context.Element})(row + {CodeWriter.Text(r)})");
            case Expr.Index:
                string first = $"({_context.Element})(column + {CodeWriter.Text(c * _context.Lanes)})";
                return Spell.IsScalar ? first : $"({_context.Vector}.Indices + {Spell.Broadcast(first)})";
            default:
                return Spell.Broadcast($"({_context.Element})end");
        }
    }

    private string Operand(Operand operand, string name, int r, int c)
    {
        int column = c * _context.Lanes;
        return operand.By switch
        {
            Broadcast.None => Spell.Load(name, CodeWriter.Text((r * _context.Memory(operand.Tile).Stride) + column)),
            Broadcast.Row => Spell.Broadcast(OpContext.At(name, CodeWriter.Text(r))),
            Broadcast.Column => Spell.Load(name, CodeWriter.Text(column)),
            Broadcast.Scalar => Spell.Broadcast(name),
            Broadcast.Transposed => Spell.Load(name, CodeWriter.Text((r * _context.Memory(operand.Tile).TransposedStride) + column)),
            _ => column >= r
                ? Spell.Load(name, CodeWriter.Text(column - r))
                : Spell.Load($"Unsafe.Add(ref {name}, {CodeWriter.Text(column - r)})", "0"),
        };
    }

    private void Assign(Tile target, int index, string value, int r, int c)
    {
        string name = "y" + CodeWriter.Text(index);
        int column = c * _context.Lanes;
        int valid = target.Columns.Size % _context.Lanes;
        bool isPartial = _tail && c == _vectors - 1 && valid != 0;
        if (!target.IsExternal)
        {
            Out.Line(Spell.Store(isPartial ? Spell.Keep(value, valid, _context.Bytes) : value, name, CodeWriter.Text((r * _context.Memory(target).Stride) + column)) + ";");
            return;
        }

        string offset = r == 0 ? CodeWriter.Text(column) : $"({CodeWriter.Text(r)} * {name}Stride){(column == 0 ? "" : " + " + CodeWriter.Text(column))}";
        Out.Line(isPartial
            ? $"Partial.Store{Spell.Bits}({value}, ref {OpContext.At(name, offset)}, {CodeWriter.Text(valid)});"
            : $"OutputStore.Store({value}, ref {OpContext.At(name, offset)}, stream);");
    }

    private bool Uses(Func<Expr, bool> test) => OpContext.Mentions(_gemm.Assigns.Select(a => a.Value), test);
}
