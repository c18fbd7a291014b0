using KernelGen.Generator.Expressions;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Tiles;

/// <summary>
/// Checks that a program means something: shapes agree, operands exist, nothing is read before it is written, roles are respected. A plan
/// that fails here is a fault of the compiler, never of a declaration.
/// </summary>
internal static class TileVerifier
{
    /// <summary>Everything that is wrong, in order; empty for a sound program.</summary>
    public static IReadOnlyList<string> Verify(TileProgram program)
    {
        List<string> faults = [];
        foreach (IGrouping<string, Tile> name in program.Tiles.GroupBy(t => t.Name).Where(g => g.Count() > 1))
            faults.Add($"tile {name.Key} is declared in {name.Count()} ways");

        HashSet<Tile> written = [];
        bool whole = program.Ops.OfType<TileOp.ForChunks>().All(loop => loop.Grid != ChunkGrid.Continued);
        foreach (TileOp op in program.AllOps)
        {
            string where = $"{program.Name}: {op.Note}";
            Tokens(op, whole, where, faults);
            if (op is not TileOp.Running && TileProgram.Reads(op).Any(t => t.Role == TileRole.Numbers))
                faults.Add($"{where}: numbers of tokens are read by running ops only");
            Parts(op, where, faults);
            foreach (Tile tile in TileProgram.Reads(op))
            {
                if (tile.Role == TileRole.Output)
                    faults.Add($"{where}: reads output {tile.Name}");
                if (tile.Role == TileRole.Scratch && !written.Contains(tile) && !(tile.Whole is not null && written.Contains(tile.Whole)))
                    faults.Add($"{where}: reads {tile.Name} before anything writes it");
            }

            foreach (Tile tile in TileProgram.Writes(op))
            {
                if (tile.Role is TileRole.Input or TileRole.Flags or TileRole.Numbers or TileRole.Parameter or TileRole.Matrix or TileRole.Panels)
                    faults.Add($"{where}: writes {tile.Role.ToString().ToLowerInvariant()} {tile.Name}");
                written.Add(tile);
            }

            Shapes(op, where, faults);
        }

        return faults;
    }

    /// <summary>What phases leave for one another has no padding behind the last token and no unfinished chunk.</summary>
    private static void Tokens(TileOp op, bool whole, string where, List<string> faults)
    {
        foreach (Tile tile in TileProgram.TilesOf(op).Where(t => t.Role == TileRole.Tokens).Distinct())
        {
            if (!tile.Rows.Tokens)
                faults.Add($"{where}: {tile.Name} is not by token");
            if (!whole)
                faults.Add($"{where}: {tile.Name} needs chunks that begin with the call");
            if (tile.Columns.IsUnit && TileProgram.Writes(op).Contains(tile) && op is not (TileOp.Running or TileOp.Reduce { Over: Axis.Column }))
                faults.Add($"{where}: {tile.Name} is written by row sums and running ops only");
        }
    }

    /// <summary>A part lies in its tile, and has no padding of its own, which other ops count on; of a matrix of the call's, the first columns may be a right factor.</summary>
    private static void Parts(TileOp op, string where, List<string> faults)
    {
        foreach (Tile tile in TileProgram.TilesOf(op).Where(t => t.Whole is not null).Distinct())
        {
            if (tile.Rows != tile.Whole!.Rows || tile.Role != tile.Whole.Role || tile.FirstColumn + tile.Columns.Size > tile.Whole.Columns.Size || tile.Whole.Whole is not null)
                faults.Add($"{where}: {tile.Name} is no part of {tile.Whole.Name}");
            if (tile.Role == TileRole.Matrix && tile.FirstColumn == 0 && op is TileOp.Gemm product && product.Terms.All(t => t.A != tile && (t.B != tile || !t.TransposeB)))
                continue;
            if (op is not TileOp.Map { Region: Region.Full } map || map.Operands.Any(o => o.Tile == tile && o.By != Broadcast.None))
                faults.Add($"{where}: only maps read and write {tile.Name}, element by element");
        }
    }

    private static void Shapes(TileOp op, string where, List<string> faults)
    {
        EquatableArray<Assign> assigns = TileProgram.Assigns(op);
        if (op is TileOp.ForChunks)
            return;
        if (assigns.Count == 0)
        {
            faults.Add($"{where}: writes nothing");
            return;
        }

        Tile shape = assigns[0].Target;
        foreach (Assign assign in assigns)
        {
            if (assign.Target.Rows != shape.Rows || assign.Target.Columns != shape.Columns)
                faults.Add($"{where}: targets {shape.Name} and {assign.Target.Name} differ in shape");
        }

        switch (op)
        {
            case TileOp.Map map:
                Operands(map.Operands, shape, where, faults);
                Rows(map.Region, map.Guard, shape, where, faults);
                Arguments(assigns, map.Operands.Count, where, faults);
                break;
            case TileOp.Running running:
                Operands(running.Operands, shape, where, faults);
                Arguments(assigns, running.Operands.Count + assigns.Count, where, faults);
                Arguments(running.First.Select(e => new Assign(shape, e)).ToArray(), running.Operands.Count + assigns.Count, where, faults);
                if (!shape.Columns.IsUnit || !shape.Rows.Tokens || running.First.Count != assigns.Count || running.Operands.Any(o => o.By is not (Broadcast.None or Broadcast.Row or Broadcast.Scalar)))
                    faults.Add($"{where}: runs along column vectors of tokens, each from a first value");
                break;
            case TileOp.Scan scan:
                Operands(scan.Operands, shape, where, faults);
                Arguments(assigns, scan.Operands.Count, where, faults);
                if (scan.Operands.Any(o => o.By is not (Broadcast.None or Broadcast.Scalar)) || shape.Rows.Tokens || shape.Columns.Tokens)
                    faults.Add($"{where}: a scan goes element by element over tiles that are no tokens");
                break;
            case TileOp.Reduce reduce:
                Operands(reduce.Operands, shape, where, faults);
                Arguments(assigns, reduce.Operands.Count + 1, where, faults);
                if (reduce.Maximum && (reduce.Over != Axis.Column || reduce.Terms.Count != 1 || reduce.Terms[0] is not { Value: Expr.Arg, Lower: false }))
                    faults.Add($"{where}: a maximum is that of a row of one tile");
                foreach (ReduceTerm term in reduce.Terms)
                {
                    Extent kept = reduce.Over == Axis.Column ? term.Operands[0].Tile.Rows : term.Operands[0].Tile.Columns;
                    Extent result = reduce.Over == Axis.Column ? shape.Rows : shape.Columns;
                    if (kept != result)
                        faults.Add($"{where}: {term.Operands[0].Tile.Name} does not reduce to {shape.Name}");
                    Operands(term.Operands, term.Operands[0].Tile, where, faults);
                }

                break;
            case TileOp.Gemm gemm:
                Operands(gemm.Operands, shape, where, faults);
                Rows(gemm.Region, gemm.Guard, shape, where, faults);
                Arguments(assigns, gemm.Operands.Count + 1, where, faults);
                foreach (GemmTerm term in gemm.Terms)
                    Product(term, shape, where, faults);
                break;
        }
    }

    private static void Product(GemmTerm term, Tile shape, string where, List<string> faults)
    {
        (Extent rows, Extent depthA) = term.TransposeA ? (term.A.Columns, term.A.Rows) : (term.A.Rows, term.A.Columns);
        (Extent depthB, Extent columns) = term.TransposeB ? (term.B.Columns, term.B.Rows) : (term.B.Rows, term.B.Columns);
        if (rows != shape.Rows || columns != shape.Columns || depthA != depthB)
            faults.Add($"{where}: {term.A.Name} times {term.B.Name} does not give {shape.Name}");
        if (term.Triangle != Triangle.Full && (rows != depthA || !rows.Tokens))
            faults.Add($"{where}: {term.A.Name} is not a triangle");
        if (term.RowScale is { } scale && (scale.Rows.Size != shape.Rows.Size || !scale.Columns.IsUnit))
            faults.Add($"{where}: {scale.Name} does not scale the rows of {shape.Name}");
        if (term.B.Role == TileRole.Panels && (term.TransposeA || term.TransposeB || term.Triangle != Triangle.Full || term.RowScale is not null))
            faults.Add($"{where}: panels of {term.B.Name} are read as they lie");
        if (term.A.IsExternal || term.B.IsExternal)
            faults.Add($"{where}: products read tiles of our own, not the caller's");
    }

    private static void Rows(Region region, Tile? guard, Tile shape, string where, List<string> faults)
    {
        if (region == Region.Lower && shape.Rows != shape.Columns)
            faults.Add($"{where}: {shape.Name} has no diagonal");
        if (guard is not null && guard.Rows != shape.Rows)
            faults.Add($"{where}: {guard.Name} does not guard the rows of {shape.Name}");
    }

    private static void Operands(EquatableArray<Operand> operands, Tile shape, string where, List<string> faults)
    {
        foreach (Operand operand in operands)
        {
            Tile tile = operand.Tile;
            bool fits = operand.By switch
            {
                Broadcast.None => tile.Rows == shape.Rows && tile.Columns == shape.Columns,
                Broadcast.Row => tile.Rows.Size == shape.Rows.Size && tile.Columns.IsUnit,
                Broadcast.Column => (tile.Columns == shape.Columns && tile.Rows.IsUnit) || (tile.Rows == shape.Columns && tile.Columns.IsUnit),
                Broadcast.Last => tile.Rows.Tokens && tile.Columns.IsUnit,
                Broadcast.Scalar => tile.Rows.IsUnit && tile.Columns.IsUnit,
                Broadcast.Transposed => tile.Rows == shape.Columns && tile.Columns == shape.Rows,
                _ => tile.Rows.IsUnit && tile.Columns.Size == 2 * shape.Rows.Size && shape.Columns == shape.Rows,
            };
            if (!fits)
                faults.Add($"{where}: {tile.Name} by {operand.By} does not cover {shape.Name}");
        }
    }

    private static void Arguments(EquatableArray<Assign> assigns, int count, string where, List<string> faults)
    {
        foreach (Assign assign in assigns)
        {
            Substitution.Rewrite(assign.Value, e =>
            {
                if (e is Expr.Arg arg && (arg.Position < 0 || arg.Position >= count))
                    faults.Add($"{where}: operand {arg.Position} of {count} does not exist");
                return null;
            });
        }
    }
}
