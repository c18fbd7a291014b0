using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>What the writers for tensor cores share: a thread's place in its warp, and the units of its warp.</summary>
internal static class TensorUnits
{
    /// <summary>
    /// Numbers that every kernel begins with. A thread has row <c>upper</c> of eight and word <c>quarter</c> of four (see <c>TensorTile.Gather</c>). A matrix load takes its row's
    /// address: of a tile with sixteen rows side by side a row of <c>straight</c>, of one that is used the other way round a row of <c>turned</c>, and the bytes within the row
    /// that the thread's word and the row's swizzle make.
    /// </summary>
    public static void Prologue(CodeWriter writer)
    {
        writer.Line("var halves = shared.Cast<Half4>();");
        writer.Line("var words = shared.Cast<uint>();");
        writer.Line("uint start = TensorCore.SharedAddress();");
        writer.Line("int lane = t & 31, warp = t >> 5, upper = lane >> 2, quarter = ((lane & 1) << 1) | ((lane >> 1) & 1);");
        writer.Line("int straight = lane & 15, turned = (lane & 7) + ((lane >> 4) << 3);");
        writer.Line("uint straightBits = (uint)(((lane >> 4) ^ TensorTile.Swizzle(straight)) << 4), turnedBits = (uint)((((lane >> 3) & 1) ^ TensorTile.Swizzle(turned)) << 4);");
    }

    /// <summary>Writes something for each of a warp's units, whose <c>strip</c> and, where there are several, <c>group</c> are then known.</summary>
    /// <param name="context">The kernel.</param>
    /// <param name="grid">The units.</param>
    /// <param name="unit">Writes it, given the number of the unit's first product.</param>
    public static void Each(GpuContext context, TensorGrid grid, Action<int> unit)
    {
        for (int i = 0; i < grid.Rounds; i++)
        {
            string number = i == 0 ? "warp" : $"(warp + {GpuContext.Text(i * grid.Warps)})";
            using (context.Out.Block((i + 1) * grid.Warps > grid.Units ? $"if ({number} < {GpuContext.Text(grid.Units)})" : null))
            {
                context.Out.Line($"int strip = {GpuContext.Divide(number, grid.Groups)}{(grid.Groups == 1 ? "" : $", group = {GpuContext.Modulo(number, grid.Groups)}")};");
                unit(2 * i * grid.PairsOfUnit);
            }
        }
    }

    /// <summary>Row <c>upper</c> of a unit, or the one eight further down.</summary>
    public static string Row(bool isLower) => isLower ? "(16 * strip) + upper + 8" : "(16 * strip) + upper";

    /// <summary>Pair <paramref name="u"/> of a unit, of all.</summary>
    public static string Pair(TensorGrid grid, int u) => grid.Groups == 1 ? GpuContext.Text(u) : $"(({GpuContext.Text(grid.PairsOfUnit)} * group) + {GpuContext.Text(u)})";
}
