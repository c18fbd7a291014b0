using KernelGen.Generator.Expressions;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// The triangle of a causal chunk, which both phases of <see cref="KernelStateBackward"/> compute: weights and their gradients. Products take triangles for what they are;
/// only what a row sum runs over is zero right of the diagonal.
/// </summary>
internal sealed class BackwardScores(KernelStateBackwardTiles t)
{
    private static readonly Expr Sum = new Expr.Arg(0);

    private string DecayText => t.Fading is null ? "" : t.Fading.PairText + " ";

    public TileOp Numerators() => t.Inverse is null
        ? new TileOp.Map(new[] { new Assign(t.DNum, Sum) }, new[] { new Operand(t.DO) }) { Note = "dnum = dO" }
        : new TileOp.Map(new[] { new Assign(t.DNum, new Expr.Arg(0) * new Expr.Arg(1)) }, new[] { new Operand(t.DO), new Operand(t.Inverse, Broadcast.Row) }) { Note = "dnum[r] = inv[r] dO[r]" };

    public TileOp Weights(bool zeroFuture)
    {
        List<Operand> operands = [];
        Expr weight = Decayed(Sum, operands);
        return Triangle(t.P, t.Qf, t.Kf, operands, zeroFuture ? Seen(weight) : weight, $"p[r,s] = {DecayText}qf[r].kf[s]");
    }

    /// <summary>G, that a row sum reads beside P.</summary>
    public TileOp Products() => Triangle(t.G, t.DNum, t.Vf, [], Seen(Sum), "g[r,s] = dnum[r].vf[s]");

    /// <summary>dP from G, once the denominators' gradients are known.</summary>
    public TileOp Gradients()
    {
        List<Operand> operands = [new Operand(t.G), new Operand(t.Dn!, Broadcast.Row)];
        Expr gradient = new Expr.Arg(0) + new Expr.Arg(1);
        if (t.Fading is { } fading)
        {
            operands.Add(new Operand(fading.PairDecay, fading.PairBy));
            gradient *= new Expr.Arg(2);
        }

        return new TileOp.Map(new[] { new Assign(t.DP, gradient) }, operands.ToArray(), Region: Region.Lower)
        {
            Note = $"dp[r,s] = {DecayText}(g[r,s] + dn[r]) for s <= r",
        };
    }

    /// <summary>dP in one go, where the denominators' gradients are known before (or there are none).</summary>
    public TileOp GradientsOfProducts()
    {
        List<Operand> operands = [];
        Expr gradient = Sum;
        if (t.Dn is { } dn)
        {
            operands.Add(new Operand(dn, Broadcast.Row));
            gradient += new Expr.Arg(1);
        }

        return Triangle(t.DP, t.DNum, t.Vf, operands, Decayed(gradient, operands), $"dp[r,s] = {DecayText}{(t.Dn is null ? "dnum[r].vf[s]" : "(dnum[r].vf[s] + dn[r])")}");
    }

    /// <summary>x_r.dx_r of mapped rows and their gradients.</summary>
    public static TileOp Flow(Tile flow, Tile mapped, Tile gradient) => new TileOp.Reduce(
        Axis.Column,
        new[] { new ReduceTerm(new Expr.Arg(0) * new Expr.Arg(1), new[] { new Operand(mapped), new Operand(gradient) }) },
        EquatableArray<Operand>.Empty,
        new[] { new Assign(flow, Sum) })
    {
        Note = $"{flow.Name}[r] = {mapped.Name}[r].{gradient.Name}[r]",
    };

    private static TileOp Triangle(Tile target, Tile a, Tile b, List<Operand> operands, Expr value, string note) =>
        new TileOp.Gemm(new[] { new GemmTerm(a, false, b, true) }, operands.ToArray(), new[] { new Assign(target, value) }, Region.Lower) { Note = note + " for s <= r" };

    private static Expr Seen(Expr value) =>
        new Expr.Select(new Condition.Compare(CompareOp.LessOrEqual, new Expr.Index(Axis.Column), new Expr.Index(Axis.Row)), value, 0.0);

    private Expr Decayed(Expr value, List<Operand> operands)
    {
        if (t.Fading is not { } fading)
            return value;
        operands.Add(new Operand(fading.PairDecay, fading.PairBy));
        return value * new Expr.Arg(operands.Count);
    }
}
