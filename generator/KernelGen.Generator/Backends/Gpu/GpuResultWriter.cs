using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>Writes a product's assignments at four neighbouring columns of a row, from their sums.</summary>
internal sealed class GpuResultWriter(GpuContext context, TileOp.Gemm gemm)
{
    private readonly GpuOperands _operands = new(context);

    private Tile Shape => gemm.Assigns[0].Target;

    private bool IsState => context.Schedule[Shape].Home == GpuHome.Registers;

    /// <summary>The assignments at <c>row</c> and <c>word</c>. Rows without tokens are zero in a tile, and not there in a tensor.</summary>
    /// <param name="sums">Names of the sums.</param>
    /// <param name="register">Element of a state matrix in this thread's registers, by component; null where the op has none.</param>
    /// <param name="r">Row of the thread's tile.</param>
    public void Write(string[] sums, Func<Tile, int, string>? register, int r)
    {
        bool isExternal = context.Schedule[Shape].Home == GpuHome.Global;
        List<string> tests = [];
        if (Shape.Rows.Tokens)
            tests.Add("row < end");
        if (gemm.Guard is { } flags)
            tests.Add($"({flags.Name}.Length == 0 || {flags.Name}[{flags.Name}Row + (row * {flags.Name}Token)] != 0)");
        bool isGuarded = tests.Count > 0 && !(isExternal && gemm.Guard is null);
        if (isGuarded)
        {
            for (int a = 0; a < gemm.Assigns.Count; a++)
                context.Out.Line($"Float4 z{GpuContext.Text(a)} = default;");
        }

        using (context.Out.Block(tests.Count == 0 ? null : $"if ({string.Join(" && ", tests)})"))
        {
            string[][] args = [sums, .. gemm.Operands.Select((o, i) => _operands.Fetch(o, "x" + GpuContext.Text(i), "row", "word", register))];
            string[][] values = _operands.Values([.. gemm.Assigns], args, "row", "word", gemm.Region == Region.Lower);
            for (int a = 0; a < values.Length; a++)
            {
                if (IsState)
                    context.Out.Line(string.Join(" ", values[a].Select((v, j) => $"{GpuGemmWriter.Register(gemm.Assigns[a].Target, r, j)} = {v};")));
                else if (isGuarded)
                    context.Out.Line($"z{GpuContext.Text(a)} = new Float4({string.Join(", ", values[a])});");
                else
                    _operands.Store(gemm.Assigns[a].Target, "row", "word", values[a]);
            }
        }

        for (int a = 0; a < gemm.Assigns.Count && isGuarded; a++)
        {
            using (context.Out.Block(isExternal ? "if (row < end)" : null))
                _operands.Store(gemm.Assigns[a].Target, "row", "word", [.. GpuContext.Components.Select(c => $"z{GpuContext.Text(a)}.{c}")]);
        }
    }
}
