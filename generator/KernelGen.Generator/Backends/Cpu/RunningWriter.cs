using KernelGen.Generator.Expressions;
using KernelGen.Generator.Schedule;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>Lowers <see cref="TileOp.Running"/>: scalar code, row after row, since each value needs the one before.</summary>
internal sealed class RunningWriter(OpContext context, TileOp.Running running)
{
    private CodeWriter Out => context.Methods;

    private Tile[] Targets => [.. running.Assigns.Select(a => a.Target)];

    public string Write()
    {
        string name = context.UniqueName("Running" + OpContext.Title(Targets[0].Name));
        OpSignature signature = new(context);
        foreach (Tile tile in running.Operands.Select(o => o.Tile).Concat(Targets))
            signature.Add(tile);
        signature.AddValue("int", "begin");
        signature.AddValue("int", "end");
        using (context.Method(running.Note, $"private static void {name}({signature.Parameters})"))
        {
            for (int i = 0; i < Targets.Length; i++)
                Out.Line($"{context.Element} {Targets[i].Name}Before = begin == 0 ? {First(running.First[i])} : Unsafe.Add(ref {Targets[i].Name}, begin - 1);");
            using (Out.Block("for (int r = begin; r < end; r++)"))
                Row();
        }

        return $"{name}({signature.Arguments});";
    }

    private void Row()
    {
        ExprWriter writer = Writer(position => Value(running.Operands[position]));
        string[] values = [.. running.Assigns.Select(a => writer.Write(a.Value))];
        for (int i = 0; i < values.Length; i++)
        {
            Out.Line($"Unsafe.Add(ref {Targets[i].Name}, r) = {values[i]};");
            Out.Line($"{Targets[i].Name}Before = {values[i]};");
        }
    }

    /// <summary>A number, or an operand that is one.</summary>
    private string First(Expr first) => first switch
    {
        Expr.Const constant => Dialect.Literal(constant.Value, context.Bytes),
        Expr.Arg arg => running.Operands[arg.Position - Targets.Length].Tile.Name,
        _ => throw new InvalidOperationException("what comes before row 0 is a constant or an operand"),
    };

    private ExprWriter Writer(Func<int, string> operand) => new(Dialect.Of(Target.Scalar), context.Bytes, Out, e => e switch
    {
        Expr.Arg arg => arg.Position < Targets.Length ? Targets[arg.Position].Name + "Before" : operand(arg.Position - Targets.Length),
        Expr.Index { Axis: Axis.Row } => $"({context.Element})r",
        _ => throw new InvalidOperationException("running values know their row and nothing else"),
    });

    private static string Value(Operand operand) => operand.Tile.Role == TileRole.Numbers
        ? $"Unsafe.Add(ref {operand.Tile.Name}, (r - begin) * {operand.Tile.Name}Stride)"
        : operand.By == Broadcast.Scalar ? operand.Tile.Name : $"Unsafe.Add(ref {operand.Tile.Name}, r)";
}
