using System.Globalization;
using KernelGen.Generator.Expressions;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Tiles;

/// <summary>Renders a program for people: dumps in tests and the heads of emitted files.</summary>
internal static class TileText
{
    public static IEnumerable<string> Lines(TileProgram program)
    {
        yield return $"phase {program.Name} (float{Text(program.ElementBytes * 8)}{(program.Tokens == TokenFormat.Element ? "" : ", tokens in " + program.Tokens.ToString().ToLowerInvariant())})";
        foreach (IGrouping<TileRole, Tile> role in program.Tiles.GroupBy(t => t.Role).OrderBy(g => g.Key))
            yield return $"  {role.Key.ToString().ToLowerInvariant(),-9} {string.Join("  ", role.Select(Shape))}";
        if (program.Slots.Count > 0)
            yield return $"  {string.Join("  ", program.Slots.Select(s => $"{s.State.Name} is {s.Slot.Name}"))}";
        foreach (string line in program.Ops.SelectMany(op => Op(op, "  ")))
            yield return line;
    }

    private static IEnumerable<string> Op(TileOp op, string indent)
    {
        if (op is TileOp.ForChunks loop)
        {
            yield return $"{indent}for {Grid(loop.Grid)}chunks of {Text(loop.Size)}: {loop.Note}";
            foreach (string line in loop.Body.SelectMany(o => Op(o, indent + "  ")))
                yield return line;
            if (loop.Close.Count > 0)
                yield return $"{indent}when the chunk closes, m = its rows:";
            foreach (string line in loop.Close.SelectMany(o => Op(o, indent + "  ")))
                yield return line;
            yield break;
        }

        yield return $"{indent}{op.Note}";
        yield return $"{indent}    {Detail(op)}";
    }

    private static string Detail(TileOp op)
    {
        string targets = string.Join(", ", TileProgram.Assigns(op).Select(a => a.Target.Name));
        return op switch
        {
            TileOp.Map map => $"map{Region(map.Region)} {targets} <- {Values(map.Assigns, map.Operands.Select(Name).ToArray())}{Where(map.Guard)}",
            TileOp.Reduce reduce => $"reduce over {(reduce.Over == Axis.Column ? "columns" : "rows")} {targets} <- {Reduction(reduce)}({string.Join(" then ", reduce.Terms.Select(Term))}), {Values(reduce.Assigns, WithFirst(Reduction(reduce), reduce.Operands))}",
            TileOp.Gemm gemm => $"gemm{Region(gemm.Region)} {targets} <- acc({string.Join(" then ", gemm.Terms.Select(Term))}), {Values(gemm.Assigns, WithFirst("acc", gemm.Operands))}{Where(gemm.Guard)}",
            TileOp.Running running => $"running {targets} <- {Values(running.Assigns, running.Assigns.Select(a => a.Target.Name + "[r-1]").Concat(running.Operands.Select(Name)).ToArray())}, from {string.Join(", ", running.First.Select(e => ExprText.Of(e, i => Name(running.Operands[i - running.Assigns.Count]))))}",
            TileOp.Scan scan => $"scan chunks of {Text(scan.Size)}: {targets} <- {Values(scan.Assigns, scan.Operands.Select(Name).ToArray())}",
            _ => op.GetType().Name,
        };
    }

    private static string Reduction(TileOp.Reduce reduce) => reduce.Maximum ? "max" : "sum";

    private static string[] WithFirst(string first, EquatableArray<Operand> operands) => new[] { first }.Concat(operands.Select(Name)).ToArray();

    private static string Values(EquatableArray<Assign> assigns, string[] names) =>
        string.Join("; ", assigns.Select(a => ExprText.Of(a.Value, i => names[i])));

    private static string Term(ReduceTerm term) => ExprText.Of(term.Value, i => Name(term.Operands[i]));

    private static string Term(GemmTerm term) =>
        $"{(term.Triangle == Triangle.Full ? "" : term.Triangle.ToString().ToLowerInvariant() + " ")}{term.A.Name}{(term.TransposeA ? "^T" : "")} {term.B.Name}{(term.TransposeB ? "^T" : "")}{(term.RowScale is null ? "" : $", times {term.RowScale.Name}[r],")}";

    private static string Name(Operand operand) => operand.By switch
    {
        Broadcast.None => operand.Tile.Name,
        Broadcast.Row => operand.Tile.Name + "[r]",
        Broadcast.Column => operand.Tile.Name + "[c]",
        Broadcast.Last => operand.Tile.Name + "[m-1]",
        Broadcast.Scalar => operand.Tile.Name,
        Broadcast.Transposed => operand.Tile.Name + "^T",
        _ => operand.Tile.Name + "[C-1-r+c]",
    };

    private static string Grid(ChunkGrid grid) => grid switch
    {
        ChunkGrid.LeftToRight => "whole ",
        ChunkGrid.RightToLeft => "whole, reversed ",
        _ => "",
    };

    private static string Region(Region region) => region == Tiles.Region.Lower ? " lower" : "";

    private static string Where(Tile? guard) => guard is null ? "" : " where " + guard.Name;

    private static string Shape(Tile tile) => 
        $"{tile.Name}[{Side(tile.Rows)}, {Side(tile.Columns)}]{(tile.Whole is { } whole ? $" of {whole.Name} from column {Text(tile.FirstColumn)}" : "")}";

    private static string Side(Extent extent) => (extent.Tokens ? "C=" : "") + Text(extent.Size);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
