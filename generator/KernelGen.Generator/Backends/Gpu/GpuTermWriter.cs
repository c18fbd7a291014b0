using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>
/// The sum along k of one term, into accumulators <c>c0_0</c> ... of a thread's tile (<c>ti</c>, <c>tj</c>). A factor is read along its rows (A as it is, B transposed: four
/// steps of k in a word) or down its columns (four results in a word). Indices are 64 bits wide, so that what is constant in them ends in the instructions; the swizzle
/// f(row) = (row ^ row / 4) mod 8 is split into what a thread knows before the loop, what a step of sixteen changes, and what is constant.
/// </summary>
internal sealed class GpuTermWriter(GpuContext context, GemmTerm term, GpuGrid grid)
{
    private readonly GpuTile _a = context.Schedule.Copy(term.A);
    private readonly GpuTile _b = context.Schedule.Copy(term.B);

    private Extent Depth => term.TransposeB ? term.B.Columns : term.B.Rows;

    private int Steps => GpuSchedule.Up(GpuSchedule.Depth(term), GpuGrid.Step) / GpuGrid.Step;

    public void Write()
    {
        context.Out.Line("long ga = 2 * ti;");
        if (term.TransposeA)
            Across("a", "ga");
        else
            Along("a", "ga", _a);
        if (term.TransposeB)
            Along("b", "(long)tj", _b);
        else
            Across("b", "(long)tj");

        // Rows behind the last token are zero. Where a chunk is one step this is the loop that keeps a compiler from fetching all of it at once, into registers it has not.
        context.Out.Line($"int steps = {(Depth.Tokens ? $"(end + {GpuContext.Text(GpuGrid.Step - 1)}) / {GpuContext.Text(GpuGrid.Step)}" : GpuContext.Text(Steps))};");
        string first = "0", last = "steps";
        if (grid.Split > 1)
        {
            first = $"split * steps / {GpuContext.Text(grid.Split)}";
            context.Out.Line($"int last = (split + 1) * steps / {GpuContext.Text(grid.Split)};");
            last = "last";
        }

        using (context.Out.Block($"for (int step = {first}; step < {last}; step++)"))
        {
            context.Out.Line("long kk = step;");
            Sixteen();
        }
    }

    /// <summary>Rows 4 g + x of a factor, x = 0 ... 3: word w of them lies at (w ^ F) ^ x with F = (4 g ^ g) mod 8.</summary>
    private void Along(string name, string group, GpuTile tile)
    {
        context.Out.Line($"long {name}f = (({group} << 2) ^ {group}) & 7;");
        context.Out.Line($"long {name}g = ({group} * {GpuContext.Text(4 * tile.RowWords)}) + {GpuContext.Text(tile.Offset)};");
        for (int v = 0; v < 4; v++)
            context.Out.Line($"long {name}v{GpuContext.Text(v)} = {GpuContext.Text(v)} ^ ({name}f & 3);");
    }

    /// <summary>
    /// Down a column a word's swizzle takes eight values, each in two of the sixteen rows: rows 0 ... 3 and 8 ... 11 share four of them, the others the other four. In this
    /// order half the indices are alive at a time.
    /// </summary>
    private void Sixteen()
    {
        if (term.TransposeA)
        {
            Down("a", _a);
        }
        else
        {
            Step("a");
            Beside();
        }

        if (term.TransposeB)
            Step("b");
        else
            Down("b", _b);
        for (int half = 0; half < 2; half++)
        {
            using (context.Out.Block())
            {
                if (term.TransposeA)
                    Words("a", half);
                if (!term.TransposeB)
                    Words("b", half);
                for (int u = half; u < 4; u += 2)
                {
                    using (context.Out.Block())
                        Four(u);
                }
            }
        }
    }

    /// <summary>The word where this step's four words of a row begin, the swizzle's third bit being the step's own.</summary>
    private void Step(string name)
    {
        context.Out.Line($"long {name}k = {name}g + ((4 * kk) ^ ({name}f & 4));");
        for (int v = 0; v < 4; v++)
            context.Out.Line($"long {name}w{GpuContext.Text(v)} = {name}k + {name}v{GpuContext.Text(v)};");
    }

    /// <summary>
    /// A thread's rows 4 ... 7 are the group after its first, whose number is even: F differs by 5 between them, so that their words are the first group's with two bits turned.
    /// </summary>
    private void Beside()
    {
        context.Out.Line($"long ek = ag + {GpuContext.Text(4 * _a.RowWords)} + ((4 * kk) ^ (af & 4) ^ 4);");
        for (int v = 0; v < 4; v++)
            context.Out.Line($"long ew{GpuContext.Text(v)} = ek + av{GpuContext.Text(v ^ 1)};");
    }

    /// <summary>Word w of rows 16 k + r, k a step: f(16 k + r) = 4 (k mod 2) ^ f(r). The two lowest bits of w ^ f are known before the loop.</summary>
    private void Across(string name, string word)
    {
        context.Out.Line($"long {name}f = {word};");
        for (int v = 0; v < 4; v++)
            context.Out.Line($"long {name}v{GpuContext.Text(v)} = ({name}f & 3) ^ {GpuContext.Text(v)};");
    }

    private void Down(string name, GpuTile tile) =>
        context.Out.Line($"long {name}k = (16 * {GpuContext.Text(tile.RowWords)} * kk) + {GpuContext.Text(tile.Offset)}, {name}h = ({name}f & ~3L) ^ ((kk & 1) << 2);");

    private void Words(string name, int half)
    {
        string high = half == 0 ? $"{name}h" : $"({name}h ^ 4)";
        context.Out.Line($"long {name}l = {name}k + {high};");
        for (int v = 0; v < 4; v++)
            context.Out.Line($"long {name}w{GpuContext.Text((4 * half) + v)} = {name}l + {name}v{GpuContext.Text(v)};");
    }

    /// <summary>Four steps of k: 4 u ... 4 u + 3 of the sixteen.</summary>
    private void Four(int u)
    {
        if (!term.TransposeA)
        {
            for (int r = 0; r < GpuGrid.TileRows; r++)
                context.Out.Line($"Float4 a{GpuContext.Text(r)} = shared[{AlongWord(r < 4 ? "a" : "e", u, r % 4, _a)}];");
        }

        if (term.TransposeB)
        {
            for (int j = 0; j < GpuGrid.TileColumns; j++)
                context.Out.Line($"Float4 b{GpuContext.Text(j)} = shared[{AlongWord("b", u, j, _b)}];");
        }

        for (int x = 0; x < 4; x++)
        {
            using (context.Out.Block())
                One(u, x);
        }
    }

    private void One(int u, int x)
    {
        if (term.TransposeA)
        {
            context.Out.Line($"Float4 a0 = shared[{DownWord("a", u, x, _a, 0)}];");
            context.Out.Line($"Float4 a1 = shared[{DownWord("a", u, x, _a, 1)}];");
        }

        if (!term.TransposeB)
            context.Out.Line($"Float4 b = shared[{DownWord("b", u, x, _b, 0)}];");
        string[] c = GpuContext.Components;
        for (int r = 0; r < GpuGrid.TileRows; r++)
        {
            string a = term.TransposeA ? $"a{GpuContext.Text(r / 4)}.{c[r % 4]}" : $"a{GpuContext.Text(r)}.{c[x]}";
            context.Out.Line(string.Join(" ", Enumerable.Range(0, GpuGrid.TileColumns).Select(j =>
                $"c{GpuContext.Text(r)}_{GpuContext.Text(j)} += {a} * {(term.TransposeB ? $"b{GpuContext.Text(j)}.{c[x]}" : $"b.{c[j]}")};")));
        }
    }

    private static string AlongWord(string name, int u, int row, GpuTile tile) => $"{name}w{GpuContext.Text(u ^ row)}{Plus(row * tile.RowWords)}";

    /// <param name="name">The factor.</param>
    /// <param name="u">Of the sixteen rows, four times this,</param>
    /// <param name="x">and this.</param>
    /// <param name="tile">Where it lies.</param>
    /// <param name="neighbour">1 for the word beside an even one.</param>
    private static string DownWord(string name, int u, int x, GpuTile tile, int neighbour)
    {
        int row = (4 * u) + x, swizzle = ((row ^ (row >> 2)) & 7) ^ neighbour;
        return $"{name}w{GpuContext.Text(swizzle)}{Plus(row * tile.RowWords)}";
    }

    private static string Plus(int words) => words == 0 ? "" : " + " + GpuContext.Text(words);
}
