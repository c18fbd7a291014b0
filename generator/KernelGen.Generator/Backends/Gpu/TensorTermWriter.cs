using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>
/// The sum along k of one term on tensor cores, into <c>c0</c> ... of a unit: for each sixteen steps a load of A's parts, and for each pair of columns one text with B's loads and
/// the products of parts. Which row a thread names and the bytes within it are known before; what a step, a pair or a part changes is turned by a constant, or added.
/// </summary>
/// <param name="context">The kernel.</param>
/// <param name="term">The term.</param>
/// <param name="grid">How the product's results are dealt out.</param>
/// <param name="first">Number of the unit's first product.</param>
internal sealed class TensorTermWriter(GpuContext context, GemmTerm term, TensorGrid grid, int first)
{
    private const int WordBytes = 16;

    private readonly GpuTile _a = context.Schedule.Copy(term.A);
    private readonly GpuTile _b = context.Schedule.Copy(term.B);

    private bool IsLeftWhole => context.Tensors!.IsWhole(term.A);

    private bool IsRightWhole => context.Tensors!.IsWhole(term.B);

    public void Write()
    {
        string strip = $"((16 * strip) + straight)", columns = grid.Groups == 1 ? "turned" : $"(({GpuContext.Text(TensorGrid.Size * grid.PairsOfUnit)} * group) + turned)";
        Begin("a", _a, term.TransposeA ? "turned" : strip, term.TransposeA ? "turnedBits ^ (uint)(strip << 5)" : "straightBits");
        string group = grid.Groups == 1 ? "" : $" ^ (uint)(group * {GpuContext.Text(2 * WordBytes * grid.PairsOfUnit)})";
        Begin("b", _b, term.TransposeB ? columns : "straight", term.TransposeB ? "turnedBits" : "straightBits" + group);
        int steps = GpuSchedule.Up(GpuSchedule.Depth(term), TensorGrid.Size) / TensorGrid.Size;
        for (int k = 0; k < steps; k++)
        {
            using (context.Out.Block())
                Step(k);
        }
    }

    private void Begin(string name, GpuTile tile, string row, string bytes) =>
        context.Out.Line($"uint {name} = start + (uint)(({GpuContext.Text(tile.Offset)} + ({row} * {GpuContext.Text(tile.RowWords)})) << 4), {name}x = {bytes};");

    private void Step(int k)
    {
        string load = term.TransposeA ? "LoadTransposed" : "Load";
        context.Out.Line($"TensorFragment lead = TensorFragment.{load}({Left(k, isRest: false)});");
        if (!IsLeftWhole)
            context.Out.Line($"TensorFragment rest = TensorFragment.{load}({Left(k, isRest: true)});");
        string method = (IsLeftWhole, IsRightWhole) switch
        {
            (true, true) => "Add",
            (false, true) => "AddLeftSplit",
            (true, false) => "AddRightSplit",
            _ => "AddSplit",
        };
        for (int u = 0; u < grid.PairsOfUnit; u++)
        {
            int c = first + (2 * u);
            string left = IsLeftWhole ? "lead" : "lead, rest", right = IsRightWhole ? Right(k, u, isRest: false) : $"{Right(k, u, isRest: false)}, {Right(k, u, isRest: true)}";
            context.Out.Line($"TensorProduct.{method}(ref c{GpuContext.Text(c)}, ref c{GpuContext.Text(c + 1)}, {left}, {right}, isTransposed: {(term.TransposeB ? "true" : "false")});");
        }
    }

    private string Left(int k, bool isRest) => Address("a", _a, term.TransposeA ? 0 : k, term.TransposeA ? k : 0, isRest);

    private string Right(int k, int u, bool isRest) => Address("b", _b, term.TransposeB ? k : u, term.TransposeB ? u : k, isRest);

    /// <summary>Sixteens of columns and of rows from where a factor begins. Words of a row, rests too, are powers of two: none of the bits that are turned is another's.</summary>
    private static string Address(string name, GpuTile tile, int columns, int rows, bool isRest)
    {
        int turn = (columns * 2 * WordBytes) ^ (isRest ? tile.FilledWords * WordBytes / 2 : 0), plus = rows * TensorGrid.Size * tile.RowWords * WordBytes;
        string bytes = turn == 0 ? $"{name}x" : $"({name}x ^ {GpuContext.Text(turn)}u)";
        return $"{name} + {bytes}{(plus == 0 ? "" : $" + {GpuContext.Text(plus)}u")}";
    }
}
