using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>Makes rows zero whose flag is false. Where the caller gave no flags, that is one test an op.</summary>
internal sealed class GuardWriter(OpContext context, Tile guard)
{
    private CodeWriter Out => context.Methods;

    /// <summary>After the fact: goes over the flags, and over the targets' rows where one is false.</summary>
    public void Write(IEnumerable<Tile> targets)
    {
        using (Out.Block($"if (!Unsafe.IsNullRef(ref {guard.Name}))"))
        using (Out.Block("for (int r = begin; r < end; r++)"))
        {
            using (Out.Block($"if (Unsafe.Add(ref {guard.Name}, r - begin))"))
                Out.Line("continue;");
            foreach (Tile target in targets)
            {
                string offset = target.IsExternal ? $"(r - begin) * {target.Name}Stride" : OpContext.Times("r", context.Memory(target).Stride);
                Out.Line($"ref {context.Element} {target.Name}Row = ref {OpContext.At(target.Name, offset)};");
                Row(target, target.Name + "Row");
            }
        }
    }

    /// <summary>One row: of the caller's its columns and nothing else, of ours the padding too.</summary>
    public void Row(Tile target, string row)
    {
        if (target.IsExternal)
        {
            Out.Line($"Unsafe.InitBlockUnaligned(ref Unsafe.As<{context.Element}, byte>(ref {row}), 0, {CodeWriter.Text(target.Columns.Size * context.Bytes)});");
            return;
        }

        using (Out.Block($"for (int c = 0; c < {CodeWriter.Text(context.Vectors(target.Columns.Size) * context.Lanes)}; c += {CodeWriter.Text(context.Lanes)})"))
            Out.Line(context.Dialect.Store(context.Dialect.Zero(context.Bytes), row, "c") + ";");
    }
}
