using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans.Dense;

/// <summary>
/// What a dense layer's input is made into, and the way back. With r = 1 / sqrt(mean(x^2) + eps) and n = x r (SRMSNorm),
/// <code>
/// h = x     h = n                          h = x o u                  h = u o n
///           dx += r (dh - n mean(dh o n))  dx = dh o u, du = dh o x   dx = r (dn - n mean(dn o n)), dn = dh o u; du = dh o n
/// </code>
/// </summary>
internal sealed class DenseInputs
{
    private readonly DenseSpec _spec;
    private readonly Extent _columns;
    private readonly Tile _x;
    private readonly Tile _u;
    private readonly Tile _inverse;

    /// <param name="spec">The layer.</param>
    /// <param name="depth">k of the product, which the rows of a block depend on.</param>
    public DenseInputs(DenseSpec spec, int depth)
    {
        _spec = spec;
        Rows = Extent.Chunk(DenseRule.BlockRows(depth, spec.ElementBytes));
        _columns = Extent.Fixed(spec.Inputs);
        _x = new Tile("x", TileRole.Input, Rows, _columns);
        _u = new Tile("u", TileRole.Input, Rows, _columns);
        H = new Tile("h", TileRole.Scratch, Rows, _columns);
        _inverse = new Tile("inv", TileRole.Scratch, Rows, Extent.One);
    }

    public Extent Rows { get; }

    /// <summary>The prepared rows.</summary>
    public Tile H { get; }

    private bool IsNormed => _spec.Input is DenseInput.SimpleRms or DenseInput.GatedSimpleRms;

    private bool IsGated => _spec.Input is DenseInput.Product or DenseInput.GatedSimpleRms;

    /// <summary>h of the rows.</summary>
    public IEnumerable<TileOp> Prepare()
    {
        if (!IsNormed)
        {
            yield return IsGated
                ? new TileOp.Map(new[] { new Assign(H, new Expr.Arg(0) * new Expr.Arg(1)) }, new[] { new Operand(_x), new Operand(_u) }) { Note = "h = x o u" }
                : Copy(H, _x);
            yield break;
        }

        yield return Copy(H, _x);
        yield return InverseNorm();
        Expr normed = new Expr.Arg(0) * new Expr.Arg(1);
        yield return IsGated
            ? new TileOp.Map(new[] { new Assign(H, new Expr.Arg(2) * normed) }, new[] { new Operand(H), new Operand(_inverse, Broadcast.Row), new Operand(_u) }) { Note = "h = u o (x inv)" }
            : new TileOp.Map(new[] { new Assign(H, normed) }, new[] { new Operand(H), new Operand(_inverse, Broadcast.Row) }) { Note = "h = x inv" };
    }

    /// <summary>h as a result.</summary>
    public TileOp Emit() => Copy(new Tile("y", TileRole.Output, Rows, _columns), H);

    /// <summary>The way back from dh.</summary>
    public IEnumerable<TileOp> Backward()
    {
        Tile dh = new("dy", TileRole.Input, Rows, _columns), dx = new("y", TileRole.Output, Rows, _columns), du = new("y2", TileRole.Output, Rows, _columns);
        Operand upstream = new(dh), u = new(_u), n = new(H);
        if (!IsNormed)
        {
            yield return new TileOp.Map(
                new[] { new Assign(dx, new Expr.Arg(0) * new Expr.Arg(2)), new Assign(du, new Expr.Arg(0) * new Expr.Arg(1)) }, new[] { upstream, new Operand(_x), u })
            {
                Note = "dx = dh o u, du = dh o x",
            };
            yield break;
        }

        Tile dn = new("dn", TileRole.Scratch, Rows, _columns), mean = new("mean", TileRole.Scratch, Rows, Extent.One);
        Operand r = new(_inverse, Broadcast.Row);
        yield return Copy(H, _x);
        yield return InverseNorm();
        yield return new TileOp.Map(new[] { new Assign(H, new Expr.Arg(0) * new Expr.Arg(1)) }, new[] { n, r }) { Note = "n = x inv, in the place of x" };
        if (IsGated)
            yield return new TileOp.Map(new[] { new Assign(du, new Expr.Arg(0) * new Expr.Arg(1)) }, new[] { upstream, n }) { Note = "du = dh o n" };
        yield return IsGated
            ? new TileOp.Map(new[] { new Assign(dn, new Expr.Arg(0) * new Expr.Arg(1)) }, new[] { upstream, u }) { Note = "dn = dh o u" }
            : Copy(dn, dh);
        yield return new TileOp.Reduce(
            Axis.Column, new[] { new ReduceTerm(new Expr.Arg(0) * new Expr.Arg(1), new[] { new Operand(dn), n }) }, default,
            new[] { new Assign(mean, new Expr.Arg(0) / (double)_spec.Inputs) })
        {
            Note = "mean[r] = mean(dn o n)",
        };
        Expr gradient = new Expr.Arg(0) * (new Expr.Arg(1) - (new Expr.Arg(2) * new Expr.Arg(3)));
        Operand[] operands = [r, new Operand(dn), n, new Operand(mean, Broadcast.Row)];
        yield return IsGated
            ? new TileOp.Map(new[] { new Assign(dx, gradient) }, operands) { Note = "dx = inv (dn - n mean)" }
            : new TileOp.Map(
                new[] { new Assign(dx, new Expr.Arg(4) + gradient) }, operands.Append(new Operand(dx with { Name = "y0", Role = TileRole.Input })).ToArray())
            {
                Note = "dx = dx + inv (dn - n mean)",
            };
    }

    private TileOp InverseNorm()
    {
        Expr mean = new Expr.Arg(0) / (double)_spec.Inputs;
        return new TileOp.Reduce(
            Axis.Column, new[] { new ReduceTerm(new Expr.Arg(0) * new Expr.Arg(0), new[] { new Operand(H) }) }, default,
            new[] { new Assign(_inverse, 1.0 / new Expr.Unary(UnaryOp.Sqrt, mean + _spec.NormEpsilon)) })
        {
            Note = $"inv = 1 / sqrt(mean(x^2) + {NumberText.Of(_spec.NormEpsilon)})",
        };
    }

    private static TileOp Copy(Tile to, Tile from) => new TileOp.Map(new[] { new Assign(to, new Expr.Arg(0)) }, new[] { new Operand(from) }) { Note = $"{to.Name} = {from.Name}" };
}
