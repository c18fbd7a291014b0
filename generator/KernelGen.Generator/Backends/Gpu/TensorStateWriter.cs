using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>A phase's states where products are tensor cores': matrices in registers as sums are dealt out to a warp, four elements of 16 x 8 in a thread.</summary>
internal sealed class TensorStateWriter(GpuContext context, GpuStateLayout layout) : GpuStateWriter(context, layout)
{
    protected override int RowUnit => TensorGrid.Size;

    /// <inheritdoc/>
    public override void Publish(Tile state)
    {
        GpuTile copy = Context.Schedule.Copy(state);
        TensorGrid grid = Grid(state);
        Context.Order([], [(copy.Offset, copy.Words)]);
        TensorUnits.Each(Context, grid, first =>
        {
            Context.Out.Line($"int at = (({GpuContext.Text(copy.Offset)} + (({TensorUnits.Row(isLower: false)}) * {GpuContext.Text(copy.RowWords)})) << 2) + (lane & 3), swizzle = TensorTile.Swizzle(upper);");
            for (int k = 0; k < 2 * grid.PairsOfUnit; k++)
            {
                string word = $"((2 * {TensorUnits.Pair(grid, k / 2)}) + {GpuContext.Text(k % 2)})", four = $"new Float4({string.Join(", ", Names(state, first + k))})";
                string rest = GpuContext.Text(copy.FilledWords / 2), below = GpuContext.Text(32 * copy.RowWords);
                Context.Out.Line($"TensorTile.Publish(words, at + (({word} ^ swizzle) << 2), at + (({word} ^ swizzle ^ {rest}) << 2), {below}, {four});");
            }
        });
    }

    protected override void LoadMatrix(Tile tile)
    {
        TensorGrid grid = Grid(tile);
        for (int k = 0; k < 2 * grid.PairsOfUnit * grid.Rounds; k++)
            Context.Out.Line($"float {string.Join(", ", Names(tile, k).Select(n => n + " = 0f"))};");
        using (Context.Out.Block("if (stateIn.Length > 0)"))
        {
            EachPair(tile, k =>
            {
                Context.Out.Line("Float4 one = default, two = default;");
                Each(half => LoadFour(tile, half == 0 ? "one" : "two"));
                Context.Out.Line("TensorTile.Scatter(ref one, ref two);");
                foreach ((string four, int product) in new[] { ("one", k), ("two", k + 1) })
                    Context.Out.Line(string.Join(" ", Names(tile, product).Select((n, j) => $"{n} = {four}.{GpuContext.Components[j]};")));
            });
        }
    }

    protected override void StoreMatrix(Tile tile) => EachPair(tile, k =>
    {
        Context.Out.Line($"Float4 one = new Float4({string.Join(", ", Names(tile, k))}), two = new Float4({string.Join(", ", Names(tile, k + 1))});");
        Context.Out.Line("TensorTile.Gather(ref one, ref two);");
        Each(half => StoreFour(tile, [.. GpuContext.Components.Select(c => $"{(half == 0 ? "one" : "two")}.{c}")]));
    });

    private void LoadFour(Tile tile, string four)
    {
        if (IsWide(tile))
        {
            Context.Out.Line($"{Guard(tile)}{four} = stateInWords[{Word(tile)}];");
            return;
        }

        for (int j = 0; j < 4; j++)
            Context.Out.Line($"{Inside(tile, j)}{four}.{GpuContext.Components[j]} = stateIn[{Element(tile, j)}];");
    }

    private TensorGrid Grid(Tile tile) => TensorGrid.Of(tile, Context.Threads);

    /// <summary>Pairs of a thread's products, by the first one's number.</summary>
    private void EachPair(Tile tile, Action<int> pair)
    {
        TensorGrid grid = Grid(tile);
        TensorUnits.Each(Context, grid, first =>
        {
            for (int u = 0; u < grid.PairsOfUnit; u++)
            {
                using (Context.Out.Block())
                {
                    Context.Out.Line($"int word = (4 * {TensorUnits.Pair(grid, u)}) + quarter;");
                    pair(first + (2 * u));
                }
            }
        });
    }

    /// <summary>A thread's rows of a pair.</summary>
    private void Each(Action<int> half)
    {
        for (int h = 0; h < 2; h++)
        {
            using (Context.Out.Block())
            {
                Context.Out.Line($"int row = {TensorUnits.Row(h == 1)};");
                half(h);
            }
        }
    }
}
