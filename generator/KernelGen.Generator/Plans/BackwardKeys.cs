using KernelGen.Generator.Expressions;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// What <see cref="KernelStateBackward"/> does with keys and values. dS v^T is computed with the state's rows as they lie, which gives it transposed: a small tile to turn,
/// instead of a second state.
/// </summary>
internal sealed class BackwardKeys(KernelStateBackwardTiles t)
{
    private static readonly Expr Sum = new Expr.Arg(0);

    public static TileOp Values(KernelStateBackwardTiles t) =>
        new TileOp.Map(new[] { new Assign(t.Vf, new Expr.Arg(0)) }, new[] { new Operand(t.V) }, t.Mask) { Note = "vf = v, zero where masked" };

    public IEnumerable<TileOp> CausalChunk()
    {
        BackwardScores scores = new(t);
        List<TileOp> ops = [.. Keys(), Values(t)];
        if (t.Fading is { } fading)
            ops.Add(fading.OfKeys);

        // The queries' phase has left mapped queries, numerators' gradients and dP, and P where its row sums needed it.
        if (t.P.Role != TileRole.Tokens)
            ops.Add(scores.Weights(zeroFuture: false));
        ops.AddRange([ValueGradient(causal: true), StateGradient(), Gradient()]);
        if (t.KeyFlow is { } flow)
            ops.Add(BackwardScores.Flow(flow, t.Kr, t.DKf!));
        ops.AddRange(Finish());
        return ops;
    }

    public IEnumerable<TileOp> FreeChunk() => [.. Keys(), Values(t), ValueGradient(causal: false), StateGradient(), FreeGradient(), .. Finish()];

    private IEnumerable<TileOp> Keys() =>
    [
        .. t.Keys.Prepare(), .. t.Fading?.OfRowsAgain ?? default,
        .. t.KeySlope is { } slope ? [slope.Map(t.Keys.MapOperands, t.Kr, "phi(k)", t.Mask, derives: true)] : t.Keys.Map(t.Kr, 1.0, "phi(k)"),
        .. KernelStatePlan.Gained(t.Fading, t.Kr, t.Kf),
    ];

    /// <summary>A wide map is differentiated from the gradient of its own rows.</summary>
    private IEnumerable<TileOp> Finish() => (t.KeySlope is null ? KernelStatePlan.Gained(t.Fading, t.DKf!, t.DKf!) : []).Concat(t.Keys.Finish(t.Dk, t.DKf, 1.0));

    /// <summary>The gradient of what the map is computed from.</summary>
    private Tile Target => t.Keys.ProjectedGradient ?? t.Dk;

    private TileOp ValueGradient(bool causal)
    {
        List<GemmTerm> terms = [new GemmTerm(t.Kf, false, t.DS, false, RowScale: t.Fading?.KeyDecay)];
        if (causal)
            terms.Add(new GemmTerm(t.P, true, t.DNum, false, Triangle.Upper));
        return new TileOp.Gemm(terms.ToArray(), EquatableArray<Operand>.Empty, new[] { new Assign(t.Dv, Sum) }, Guard: t.Mask)
        {
            Note = $"dv = {(t.Fading is not null ? "kdecay " : "")}kf dS{(causal ? " + p^T dnum" : "")}, zero where masked",
        };
    }

    private TileOp StateGradient() =>
        new TileOp.Gemm(new[] { new GemmTerm(t.DS, false, t.Vf, true) }, EquatableArray<Operand>.Empty, new[] { new Assign(t.H, Sum) }) { Note = "h = dS vf^T" };

    private TileOp Gradient()
    {
        List<Operand> operands = [new Operand(t.H, Broadcast.Transposed)];
        Expr read = Read(operands, hasSum: true);
        if (t.Fading is { } fading)
        {
            operands.Add(new Operand(fading.KeyDecay, Broadcast.Row));
            read *= new Expr.Arg(operands.Count);
        }

        Expr gradient = Sum + read;
        string note = $"dp^T qf + {(t.Fading is not null ? "kdecay " : "")}{ReadText}";
        Expr mapped = gradient;
        string gain = "";
        if (t.KeySlope is not null && t.Fading?.KeyGain is { } weight)
        {
            operands.Add(new Operand(weight, Broadcast.Row));
            mapped *= new Expr.Arg(operands.Count);
            gain = $"{weight.Name} ";
        }

        List<Assign> assigns = t.KeySlope is { } slope ? [new(Target, slope.Times(mapped, operands, hasSum: true))] : [];
        if (t.DKf is not null)
            assigns.Add(new Assign(t.DKf, gradient));
        return new TileOp.Gemm(new[] { new GemmTerm(t.DP, true, t.Qf, false, Triangle.Upper) }, operands.ToArray(), assigns.ToArray(), Guard: t.Mask)
        {
            Note = $"{(t.KeySlope is null ? $"{t.DKf!.Name} = {note}" : $"{Target.Name} = {gain}{t.KeySlope.Text(note)}")}, zero where masked",
        };
    }

    private TileOp FreeGradient()
    {
        List<Operand> operands = [new Operand(t.H, Broadcast.Transposed)];
        Expr read = Read(operands, hasSum: false);
        if (t.KeySlope is null)
            return new TileOp.Map(new[] { new Assign(t.DKf!, read) }, operands.ToArray(), t.Mask) { Note = $"{t.DKf!.Name} = {ReadText}, zero where masked" };
        Expr gradient = t.KeySlope.Times(read, operands, hasSum: false);
        return new TileOp.Map(new[] { new Assign(Target, gradient) }, operands.ToArray(), t.Mask) { Note = $"{Target.Name} = {t.KeySlope.Text(ReadText)}, zero where masked" };
    }

    private string ReadText => t.DZ is null ? "h^T" : "(h^T + dz)";

    /// <summary>dS v_s + dz, of an op whose only operand so far is h.</summary>
    private Expr Read(List<Operand> operands, bool hasSum)
    {
        int first = hasSum ? 1 : 0;
        if (t.DZ is null)
            return new Expr.Arg(first);
        operands.Add(new Operand(t.DZ, Broadcast.Column));
        return new Expr.Arg(first) + new Expr.Arg(first + 1);
    }
}
