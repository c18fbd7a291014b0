using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// Several maps of the same rows side by side, and back. With u the rows, w their row's number (|c x|^2 / 2 = h, or exp(h - stabiliser)) and P their width:
/// <code>
/// phi[r, i P + p] = f_i(u[r,p], w[r])        du[r,p] = sum_i dphi[r, i P + p] df_i/du        dw[r] = sum_p sum_i dphi[r, i P + p] df_i/dw
/// </code>
/// A stabiliser has no gradient, so that dh = dw where w = h, and dh = w dw where w is its exponential.
/// </summary>
/// <param name="stage">The maps.</param>
/// <param name="name">Of the rows: <c>q</c>, <c>k</c>.</param>
/// <param name="rows">u.</param>
/// <param name="number">w; null where there is none.</param>
/// <param name="mask">Flags of rows that count; null where all do.</param>
internal sealed class FeatureBranches(FeatureStage.Branches stage, string name, Tile rows, Tile? number, Tile? mask) : WideMap
{
    private readonly Tile _elements = new($"d{name}row", TileRole.Scratch, rows.Rows, rows.Columns);

    public override Tile? HalfGradient { get; } = number is null ? null : new($"d{name}half", TileRole.Scratch, rows.Rows, Extent.One);

    private int Width => rows.Columns.Size;

    /// <summary>phi, from the left to the right: the padding of each part lies where the next begins. What no part's padding covers is set to zero first.</summary>
    public override IEnumerable<TileOp> Map(Tile target, double scale, string note)
    {
        if (Width % 16 != 0)
            yield return new TileOp.Map(new[] { new Assign(target, 0.0) }, default) { Note = $"{target.Name} = 0, its padding included" };
        for (int i = 0; i < stage.Maps.Count; i++)
        {
            Expr value = scale == 1.0 ? stage.Maps[i] : stage.Maps[i] * scale;
            yield return new TileOp.Map(new[] { new Assign(Part(target, i), value) }, Operands, mask) { Note = $"{Part(target, i).Name} = {note}, part {NumberText.Of(i)}{(mask is null ? "" : ", zero where masked")}" };
        }

        if (stage.Constant is { } constant)
        {
            Tile part = target.Part($"{target.Name}c", stage.Maps.Count * Width, 1);
            yield return new TileOp.Map(new[] { new Assign(part, constant * scale) }, default, mask) { Note = $"{part.Name} = {NumberText.Of(constant * scale)}{(mask is null ? "" : ", zero where masked")}" };
        }
    }

    public override IEnumerable<TileOp> Gradient(Tile mapped, Tile target, double scale)
    {
        Operand[] parts = [.. stage.Maps.Select((_, i) => new Operand(Part(mapped, i)))];
        List<Assign> assigns = [new Assign(target, ChainRule(0, scale))];
        if (number is not null)
            assigns.Add(new Assign(_elements, ChainRule(1, scale)));
        yield return new TileOp.Map(assigns.ToArray(), Operands.Concat(parts).ToArray(), mask)
        {
            Note = $"{target.Name} = sum_i {mapped.Name}_i df_i/du{(number is null ? "" : $", {_elements.Name} = sum_i {mapped.Name}_i df_i/d{number.Name}")}{(mask is null ? "" : ", zero where masked")}",
        };
        if (number is null)
            yield break;
        bool grows = stage.Row == RowNumber.Growth;
        yield return new TileOp.Reduce(
            Axis.Column,
            new[] { new ReduceTerm(new Expr.Arg(0), new[] { new Operand(_elements) }) },
            grows ? new[] { new Operand(number, Broadcast.Row) } : default(EquatableArray<Operand>),
            new[] { new Assign(HalfGradient!, grows ? new Expr.Arg(0) * new Expr.Arg(1) : new Expr.Arg(0)) })
        {
            Note = $"{HalfGradient!.Name}[r] = {(grows ? $"{number.Name}[r] " : "")}sum_p {_elements.Name}[r,p]",
        };
    }

    private EquatableArray<Operand> Operands => number is null ? new[] { new Operand(rows) } : new[] { new Operand(rows), new Operand(number, Broadcast.Row) };

    private Tile Part(Tile whole, int i) => whole.Part($"{whole.Name}{NumberText.Of(i)}", i * Width, Width);

    /// <summary>sum_i dphi_i df_i/dx, of operand <paramref name="position"/>.</summary>
    private Expr ChainRule(int position, double scale)
    {
        int first = Operands.Count;
        Expr? sum = null;
        for (int i = 0; i < stage.Maps.Count; i++)
        {
            Expr slope = Derivative.Of(stage.Maps[i], position);
            if (slope is Expr.Const { Value: 0 })
                continue;
            Expr term = new Expr.Arg(first + i) * slope;
            sum = sum is null ? term : sum + term;
        }

        return Simplify.Of(scale == 1.0 ? sum ?? 0.0 : (sum ?? 0.0) * scale);
    }
}
