using KernelGen.Generator.Expressions;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>
/// Lowers <see cref="TileOp.Scan"/>: runs over the elements of the frame's share, a few vectors at a time, whose state tiles stay in registers while the chunks
/// of the window go by. Tiles lie as they do in the state block, padding included, so that elements are simply counted.
/// </summary>
internal sealed class ScanWriter(OpContext context, TileOp.Scan scan)
{
    private CodeWriter Out => context.Methods;

    private Dialect Spell => context.Dialect;

    /// <summary>Vectors whose chains of dependent additions run side by side: as many as leave half of the registers to the arithmetic.</summary>
    private int Panel => Math.Max(1, Math.Min(8, Spell.Target.Registers / 2 / Math.Max(1, States.Length)));

    private Tile[] States => scan.Operands.Select(o => o.Tile).Concat(scan.Assigns.Select(a => a.Target)).Where(t => t.Role == TileRole.State).Distinct().ToArray();

    /// <summary>Slots that hold an element for every element of the state.</summary>
    private Tile[] Slots => scan.Operands.Where(o => o.By == Broadcast.None).Select(o => o.Tile).Concat(scan.Assigns.Select(a => a.Target)).Where(t => t.Role == TileRole.Slot).Distinct().ToArray();

    private Operand[] Numbers => scan.Operands.Where(o => o.By == Broadcast.Scalar && o.Tile.Role != TileRole.Slot).Distinct().ToArray();

    /// <summary>A number for each chunk, in its slot.</summary>
    private Tile[] ChunkNumbers => scan.Operands.Where(o => o.By == Broadcast.Scalar && o.Tile.Role == TileRole.Slot).Select(o => o.Tile).Distinct().ToArray();

    public string Write()
    {
        Tile shape = scan.Assigns[0].Target;
        string name = context.UniqueName("Scan" + OpContext.Title(shape.Name));
        OpSignature signature = new(context);
        foreach (Tile tile in Slots.Concat(States).Concat(Numbers.Select(o => o.Tile)).Concat(ChunkNumbers))
            signature.Add(tile);

        // The share is counted over the whole slot; this op's sums begin at its first tile.
        Schedule.TileMemory place = context.Memory(Slots[0]);
        int length = shape.IsVector ? (shape.Rows.Size * shape.Columns.Size + context.Program.Lanes - 1) / context.Program.Lanes * context.Program.Lanes : shape.Rows.Size * place.Stride;
        signature.AddValue("nint", "slotStride", "f.SlotStride");
        signature.AddValue("int", "first", $"Math.Max(0, f.SlotBegin - {CodeWriter.Text(place.Offset)})");
        signature.AddValue("int", "last", $"Math.Min({CodeWriter.Text(length)}, f.SlotEnd - {CodeWriter.Text(place.Offset)})");
        signature.AddValue("int", "chunks", $"f.Length / {CodeWriter.Text(scan.Size)}");
        using (context.Method(scan.Note, $"private static void {name}({signature.Parameters})"))
        {
            foreach (Operand number in Numbers)
                Out.Line($"{context.Vector} {number.Tile.Name}v = {Spell.Broadcast(number.Tile.Name)};");
            Out.Line("int e = first;");
            if (Panel > 1)
                Elements(Panel);
            Elements(1);
        }

        return $"{name}({signature.Arguments});";
    }

    private void Elements(int vectors)
    {
        int step = vectors * context.Lanes;
        using (Out.Block($"for (; e + {CodeWriter.Text(step)} <= last; e += {CodeWriter.Text(step)})"))
        {
            foreach (Tile state in States)
            {
                Out.Line($"ref {context.Element} {state.Name}At = ref Unsafe.Add(ref {state.Name}, e);");
                for (int v = 0; v < vectors; v++)
                    Out.Line($"{context.Vector} {Carried(state, v)} = {Spell.Load(state.Name + "At", CodeWriter.Text(v * context.Lanes))};");
            }

            foreach (Tile slot in Slots)
                Out.Line($"ref {context.Element} {slot.Name}At = ref Unsafe.Add(ref {slot.Name}, e);");
            foreach (Tile number in ChunkNumbers)
                Out.Line($"ref {context.Element} {number.Name}At = ref {number.Name};");
            using (Out.Block("for (int c = 0; c < chunks; c++)"))
            {
                foreach (Tile number in ChunkNumbers)
                    Out.Line($"{context.Vector} {number.Name}v = {Spell.Broadcast(number.Name + "At")};");
                for (int v = 0; v < vectors; v++)
                {
                    using (Out.Block())
                        Step(v);
                }

                foreach (Tile slot in Slots.Concat(ChunkNumbers))
                    Out.Line($"{slot.Name}At = ref Unsafe.Add(ref {slot.Name}At, slotStride);");
            }

            foreach (Tile state in States)
            {
                for (int v = 0; v < vectors; v++)
                    Out.Line(Spell.Store(Carried(state, v), state.Name + "At", CodeWriter.Text(v * context.Lanes)) + ";");
            }
        }
    }

    private void Step(int v)
    {
        string at = CodeWriter.Text(v * context.Lanes);
        ExprWriter writer = new(Spell, context.Bytes, Out, e => e switch
        {
            Expr.Arg arg => Read(scan.Operands[arg.Position]),
            _ => throw new InvalidOperationException("indices are not read in scans"),
        });
        List<(Tile Target, string Value)> values = scan.Assigns.Select(a => (a.Target, writer.Write(a.Value))).ToList();

        // Slots first: they may take the value that a state is about to lose.
        foreach ((Tile target, string value) in values.OrderBy(x => x.Target.Role == TileRole.Slot ? 0 : 1))
            Out.Line(target.Role == TileRole.Slot ? Spell.Store(value, target.Name + "At", at) + ";" : $"{Carried(target, v)} = {value};");

        string Read(Operand operand)
        {
            if (operand.By == Broadcast.Scalar)
                return operand.Tile.Name + "v";
            if (operand.Tile.Role == TileRole.State)
                return Carried(operand.Tile, v);
            string name = operand.Tile.Name + "x";
            Out.Line($"{context.Vector} {name} = {Spell.Load(operand.Tile.Name + "At", at)};");
            return name;
        }
    }

    private static string Carried(Tile state, int v) => $"{state.Name}_{CodeWriter.Text(v)}";
}
