using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>What several phases of <see cref="SeparateBackward"/> compute.</summary>
internal sealed class SeparateOps(KernelSpec spec, SeparateTiles t)
{
    private static readonly Expr Sum = new Expr.Arg(0);

    private string DecayText => t.Decays ? "exp(-slope (r-s)) " : "";

    public TileOp Queries() => new TileOp.Map(new[] { new Assign(t.Qf, FeatureMaps.Scaled(spec.QueryMap, spec.Scale)) }, new[] { new Operand(t.Q) })
    {
        Note = $"qf = phi(q){(spec.Scale == 1.0 ? "" : " scale")}",
    };

    public TileOp Keys() => new TileOp.Map(new[] { new Assign(t.Kf, FeatureMaps.Pointwise(spec.KeyMap)) }, new[] { new Operand(t.K) }, t.Mask) { Note = "kf = phi(k), zero where masked" };

    public TileOp Values() => new TileOp.Map(new[] { new Assign(t.Vf, Sum) }, new[] { new Operand(t.V) }, t.Mask) { Note = "vf = v, zero where masked" };

    public TileOp Numerators() => t.Inverse is null
        ? new TileOp.Map(new[] { new Assign(t.DNum, Sum) }, new[] { new Operand(t.DO) }) { Note = "dnum = dO" }
        : new TileOp.Map(new[] { new Assign(t.DNum, Sum * new Expr.Arg(1)) }, new[] { new Operand(t.DO), new Operand(t.Inverse, Broadcast.Row) }) { Note = "dnum[r] = inv[r] dO[r]" };

    public TileOp Weights()
    {
        List<Operand> operands = [];
        return Triangle(t.P, t.Qf, t.Kf, Decayed(Sum, operands), operands, $"p[r,s] = {DecayText}qf[r].kf[s]");
    }

    public TileOp Gradients()
    {
        List<Operand> operands = [];
        Expr gradient = Sum;
        if (t.Dn is { } dn)
        {
            operands.Add(new Operand(dn, Broadcast.Row));
            gradient += new Expr.Arg(1);
        }

        return Triangle(t.DP, t.DNum, t.Vf, Decayed(gradient, operands), operands, $"dp[r,s] = {DecayText}{(t.Dn is null ? "dnum[r].vf[s]" : "(dnum[r].vf[s] + dn[r])")}");
    }

    /// <summary>What keys are to their chunk's end, or queries to its start, and how a state fades over it.</summary>
    public IEnumerable<TileOp> Fades(bool ofKeys)
    {
        if (t.Fading is not { } fading)
            yield break;
        if (ofKeys)
            yield return fading.OfKeys;
        yield return fading.OfChunk;
    }

    /// <summary>rows[r] = decay[r] rows[r], in place: the chunk is done with them.</summary>
    public static TileOp Fade(Tile rows, Tile decay) =>
        new TileOp.Map(new[] { new Assign(rows, new Expr.Arg(0) * new Expr.Arg(1)) }, new[] { new Operand(rows), new Operand(decay, Broadcast.Row) })
        {
            Note = $"{rows.Name}[r] = {decay.Name}[r] {rows.Name}[r], in place: the chunk is done with them",
        };

    /// <summary>part = a part + a^T b.</summary>
    public static TileOp Fold(StateFold fold, Tile a, Tile b) => new TileOp.Gemm(new[] { new GemmTerm(a, true, b, false) }, fold.Operands, fold.Assigns)
    {
        Note = $"{fold.Part.Name} = {(fold.Error is null ? "a " : "")}{fold.Part.Name} + {a.Name}^T {b.Name}{(fold.Error is null ? "" : ", compensated")}",
    };

    /// <summary>part = a part + sum of rows, each times its weight where there are weights.</summary>
    public static TileOp FoldRows(StateFold fold, Tile rows, Tile? weights)
    {
        ReduceTerm term = weights is null
            ? new ReduceTerm(Sum, new[] { new Operand(rows) })
            : new ReduceTerm(Sum * new Expr.Arg(1), new[] { new Operand(rows), new Operand(weights, Broadcast.Row) });
        return new TileOp.Reduce(Axis.Row, new[] { term }, fold.Operands, fold.Assigns)
        {
            Note = $"{fold.Part.Name} = {(fold.Error is null ? "a " : "")}{fold.Part.Name} + sum_r {(weights is null ? "" : weights.Name + "[r] ")}{rows.Name}[r]{(fold.Error is null ? "" : ", compensated")}",
        };
    }

    private static TileOp Triangle(Tile target, Tile a, Tile b, Expr value, List<Operand> operands, string note) =>
        new TileOp.Gemm(new[] { new GemmTerm(a, false, b, true) }, operands.ToArray(), new[] { new Assign(target, value) }, Region.Lower) { Note = note + " for s <= r" };

    private Expr Decayed(Expr value, List<Operand> operands)
    {
        if (!t.Decays)
            return value;
        operands.Add(new Operand(t.Decay, Broadcast.Diagonal));
        return value * new Expr.Arg(operands.Count);
    }
}
