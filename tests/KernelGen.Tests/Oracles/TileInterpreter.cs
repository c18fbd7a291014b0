using KernelGen.Generator.Expressions;
using KernelGen.Generator.Tiles;

namespace KernelGen.Tests.Oracles;

/// <summary>
/// Executes a phase in double precision, literally: each op reads what its definition names and nothing else. Memory that the contract calls
/// dead is NaN, and every index is checked, so that a program which leans on leftovers gives NaN or throws.
/// </summary>
internal sealed class TileInterpreter
{
    private readonly TileFrame _frame;
    private readonly TileState _state;
    private readonly Dictionary<Tile, double[,]> _scratch = [];
    private Dictionary<Tile, Tile> _slotOf = [];

    /// <summary>The chunk whose slot is meant.</summary>
    private int _slot;

    /// <summary>Token of the call that the chunk's row <see cref="_begin"/> is.</summary>
    private int _token;
    private int _begin;
    private int _end;

    private TileInterpreter(TileFrame frame, TileState state) => (_frame, _state) = (frame, state);

    public static void Run(TileProgram phase, TileFrame frame, TileState state)
    {
        TileInterpreter interpreter = new(frame, state) { _slotOf = phase.Slots.ToDictionary(s => s.State, s => s.Slot) };
        foreach (TileOp op in phase.Ops)
        {
            if (op is TileOp.ForChunks loop)
                interpreter.Chunks(loop);
            else
                interpreter.Execute(op);
        }
    }

    public static void Poison(double[,] elements)
    {
        for (int r = 0; r < elements.GetLength(0); r++)
        {
            for (int c = 0; c < elements.GetLength(1); c++)
                elements[r, c] = double.NaN;
        }
    }

    private void Chunks(TileOp.ForChunks loop)
    {
        Tile[] local = loop.Body.Concat(loop.Close).SelectMany(TileProgram.Writes).Where(t => t.Role == TileRole.Scratch).Distinct().ToArray();
        Tile[] carried = loop.Body.SelectMany(TileProgram.Writes).Where(t => t.Role == TileRole.Chunk).Distinct().ToArray();
        if (loop.Grid != ChunkGrid.Continued)
        {
            Whole(loop, local);
            return;
        }

        int begin = _frame.Begin;
        int done = 0;
        while (done < _frame.Length || (_frame.Fold && begin > 0))
        {
            int take = Math.Min(loop.Size - begin, _frame.Length - done);
            if (begin == 0)
                PoisonAll(carried);
            PoisonAll(local);
            (_token, _begin, _end, _slot) = (done, begin, begin + take, done / loop.Size);
            for (int i = 0; i < loop.Body.Count && take > 0; i++)
                Execute(loop.Body[i]);

            done += take;
            begin = _end;
            if (_end < loop.Size && !(_frame.Fold && done == _frame.Length))
                break;

            // The ops that close a chunk see all of its rows.
            _begin = 0;
            foreach (TileOp op in loop.Close)
                Execute(op);
            begin = 0;
        }
    }

    /// <summary>Chunks that begin with the call: all rows of a chunk are new, and every chunk closes.</summary>
    private void Whole(TileOp.ForChunks loop, Tile[] local)
    {
        IEnumerable<int> starts = Enumerable.Range(0, (_frame.Length + loop.Size - 1) / loop.Size).Select(index => index * loop.Size);
        int chunk = 0;
        foreach (int start in loop.Grid == ChunkGrid.RightToLeft ? starts.Reverse() : starts)
        {
            PoisonAll(local);
            (_token, _begin, _end, _slot) = (start, 0, Math.Min(loop.Size, _frame.Length - start), chunk++);
            foreach (TileOp op in loop.Body.Concat(loop.Close))
                Execute(op);
        }
    }

    private void PoisonAll(Tile[] tiles)
    {
        foreach (Tile tile in tiles)
            Poison(Elements(tile));
    }

    /// <summary>All values are taken before anything is written.</summary>
    private void Execute(TileOp op)
    {
        if (op is TileOp.Scan scan)
        {
            for (_slot = 0; _slot < _frame.Slots.Length; _slot++)
                Execute(new TileOp.Map(scan.Assigns, scan.Operands) { Note = scan.Note });
            return;
        }

        List<(Tile Tile, int Row, int Column, double Value)> writes = [];
        switch (op)
        {
            case TileOp.Map map:
                Map(map, writes);
                break;
            case TileOp.Reduce reduce:
                Reduce(reduce, writes);
                break;
            case TileOp.Running running:
                Running(running);
                break;
            case TileOp.Gemm gemm:
                Gemm(gemm, writes);
                break;
            default:
                throw new InvalidOperationException($"{op.GetType().Name} is no op to execute here");
        }

        foreach ((Tile tile, int row, int column, double value) in writes)
            Write(tile, row, column, value);
    }

    private void Map(TileOp.Map map, List<(Tile Tile, int Row, int Column, double Value)> writes)
    {
        Tile shape = map.Assigns[0].Target;
        foreach ((int r, int c) in Elements(shape.Rows, shape.Columns).Where(at => IsWanted(map.Region, at)))
        {
            bool kept = IsKept(map.Guard, r);
            foreach (Assign assign in map.Assigns)
                writes.Add((assign.Target, r, c, kept ? Value(assign.Value, i => Read(map.Operands[i], r, c), r, c) : 0));
        }
    }

    private void Reduce(TileOp.Reduce reduce, List<(Tile Tile, int Row, int Column, double Value)> writes)
    {
        Tile shape = reduce.Assigns[0].Target;
        foreach ((int r, int c) in Elements(shape.Rows, shape.Columns))
        {
            double sum = reduce.Maximum ? double.NegativeInfinity : 0;
            foreach (ReduceTerm term in reduce.Terms)
            {
                Tile summand = term.Operands[0].Tile;
                IEnumerable<(int Row, int Column)> along = reduce.Over == Axis.Column
                    ? Depth(summand.Columns).Where(k => !term.Lower || k <= r).Select(k => (r, k))
                    : Depth(summand.Rows).Select(k => (k, c));
                foreach ((int row, int column) in along)
                {
                    double value = Value(term.Value, i => Read(term.Operands[i], row, column), row, column);
                    sum = reduce.Maximum ? Math.Max(sum, value) : sum + value;
                }
            }

            foreach (Assign assign in reduce.Assigns)
                writes.Add((assign.Target, r, c, Value(assign.Value, i => i == 0 ? sum : Read(reduce.Operands[i - 1], r, c), r, c)));
        }
    }

    /// <summary>Each row reads what the row before has written.</summary>
    private void Running(TileOp.Running running)
    {
        int targets = running.Assigns.Count;
        for (int r = _begin; r < _end; r++)
        {
            int row = r;
            double[] before = [.. running.Assigns.Select((a, i) => row > 0 ? Read(a.Target, row - 1, 0) : Value(running.First[i], p => Read(running.Operands[p - targets], row, 0), row, 0))];
            double[] values = [.. running.Assigns.Select(a => Value(a.Value, p => p < targets ? before[p] : Read(running.Operands[p - targets], row, 0), row, 0))];
            for (int i = 0; i < targets; i++)
                Write(running.Assigns[i].Target, r, 0, values[i]);
        }
    }

    private void Gemm(TileOp.Gemm gemm, List<(Tile Tile, int Row, int Column, double Value)> writes)
    {
        Tile shape = gemm.Assigns[0].Target;
        foreach ((int r, int c) in Elements(shape.Rows, shape.Columns).Where(at => IsWanted(gemm.Region, at)))
        {
            bool kept = IsKept(gemm.Guard, r);
            double accumulator = 0;
            foreach (GemmTerm term in gemm.Terms)
            {
                foreach (int k in Depth(term.TransposeA ? term.A.Rows : term.A.Columns).Where(k => term.Triangle == Triangle.Full || (term.Triangle == Triangle.Lower ? k <= r : k >= r)))
                    accumulator += (term.TransposeA ? Read(term.A, k, r) : Read(term.A, r, k)) * (term.TransposeB ? Read(term.B, c, k) : Read(term.B, k, c));
                if (term.RowScale is { } scale)
                    accumulator *= Read(scale, r, 0);
            }

            foreach (Assign assign in gemm.Assigns)
                writes.Add((assign.Target, r, c, kept ? Value(assign.Value, i => i == 0 ? accumulator : Read(gemm.Operands[i - 1], r, c), r, c) : 0));
        }
    }

    /// <summary>Right of its diagonal a lower tile is nobody's to read: it stays NaN.</summary>
    private static bool IsWanted(Region region, (int Row, int Column) at) => region == Region.Full || at.Column <= at.Row;

    private bool IsKept(Tile? guard, int row) => guard is null || _frame.Flags is null || _frame.Flags[TokenOf(row)];

    private double Value(Expr expr, Func<int, double> args, int row, int column) => ExprEvaluator.Evaluate(expr, args, row, column, _end);

    private double Read(Operand operand, int r, int c) => operand.By switch
    {
        Broadcast.None => Read(operand.Tile, r, c),
        Broadcast.Row => Read(operand.Tile, r, Only(operand.Tile.Columns)),
        Broadcast.Column => operand.Tile.Rows.IsUnit ? Read(operand.Tile, 0, c) : Read(operand.Tile, c, Only(operand.Tile.Columns)),
        Broadcast.Last => Read(operand.Tile, _end - 1, Only(operand.Tile.Columns)),
        Broadcast.Scalar => Read(operand.Tile, Only(operand.Tile.Rows), Only(operand.Tile.Columns)),
        Broadcast.Transposed => Read(operand.Tile, c, r),
        Broadcast.Diagonal => Read(operand.Tile, Only(operand.Tile.Rows), (operand.Tile.Columns.Size / 2) - 1 - r + c),
        _ => throw new InvalidOperationException($"no meaning for {operand.By}"),
    };

    private double Read(Tile tile, int r, int c) => tile.Whole is { } whole ? Read(whole, r, c + tile.FirstColumn) : tile.Role switch
    {
        TileRole.Input => _frame.Inputs[tile.Name][TokenOf(r)][c],
        TileRole.Tokens => Tokens(tile)[TokenOf(r)][c],
        TileRole.Matrix => _frame.Matrices[tile.Name](r, c),
        TileRole.Numbers => _frame.Numbers[tile.Name][TokenOf(r)],
        TileRole.Parameter => _frame.Parameters[tile.Name],
        TileRole.Output or TileRole.Flags => throw new InvalidOperationException($"{tile.Name} is not for reading"),
        _ => Elements(tile)[r, c],
    };

    private void Write(Tile tile, int r, int c, double value)
    {
        (tile, c) = (tile.Whole ?? tile, c + tile.FirstColumn);
        switch (tile.Role)
        {
            case TileRole.Output:
                ref double output = ref _frame.Outputs[tile.Name][TokenOf(r)][c];
                Assert.True(double.IsNaN(output), $"{tile.Name}[{r}, {c}] is written twice");
                output = value;
                break;
            case TileRole.Tokens:
                Tokens(tile)[TokenOf(r)][c] = value;
                break;
            case TileRole.State or TileRole.Chunk or TileRole.Scratch or TileRole.Slot:
                Elements(tile)[r, c] = value;
                break;
            default:
                throw new InvalidOperationException($"{tile.Name} is not for writing");
        }
    }

    /// <summary>One row a token of the call: NaN until a phase writes it.</summary>
    private double[][] Tokens(Tile tile)
    {
        if (!_frame.Tokens.TryGetValue(tile.Name, out double[][]? rows))
            _frame.Tokens.Add(tile.Name, rows = [.. Enumerable.Range(0, _frame.Length).Select(_ => Enumerable.Repeat(double.NaN, tile.Columns.Size).ToArray())]);
        return rows;
    }

    private double[,] Elements(Tile tile)
    {
        tile = tile.Whole ?? tile;
        if (tile.Role == TileRole.Slot)
            return _frame.Slots[_slot][tile];
        if (_slotOf.TryGetValue(tile, out Tile? slot))
            return Elements(slot);
        if (tile.Role is TileRole.State or TileRole.Chunk)
            return _state[tile];
        if (!_scratch.TryGetValue(tile, out double[,]? elements))
        {
            _scratch.Add(tile, elements = new double[tile.Rows.Size, tile.Columns.Size]);
            Poison(elements);
        }

        return elements;
    }

    /// <summary>The elements an op computes: of tokens, the new rows, and the columns that are valid.</summary>
    private IEnumerable<(int Row, int Column)> Elements(Extent rows, Extent columns)
    {
        for (int r = rows.Tokens ? _begin : 0; r < (rows.Tokens ? _end : rows.Size); r++)
        {
            foreach (int c in Depth(columns))
                yield return (r, c);
        }
    }

    /// <summary>The indices that a sum runs over: of tokens, those that are valid.</summary>
    private IEnumerable<int> Depth(Extent extent) => Enumerable.Range(0, extent.Tokens ? _end : extent.Size);

    private int TokenOf(int row)
    {
        Assert.InRange(row, _begin, _end - 1);
        return _token + row - _begin;
    }

    private static int Only(Extent extent)
    {
        Assert.True(extent.IsUnit);
        return 0;
    }
}
