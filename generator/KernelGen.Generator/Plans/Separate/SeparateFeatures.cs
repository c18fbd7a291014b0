using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// The phases of <see cref="SeparateBackward"/> that have a slice of the features: gradients of queries and of keys. Derivatives are taken where the gradients are: that
/// costs an exponential a second time, and saves a tile.
/// </summary>
internal sealed class SeparateFeatures
{
    private static readonly Expr Sum = new Expr.Arg(0);

    private readonly KernelSpec _spec;
    private readonly SeparateTiles _t;
    private readonly SeparateOps _ops;

    public SeparateFeatures(KernelSpec spec) => (_spec, _t, _ops) = (spec, new SeparateTiles(spec), new SeparateOps(spec, new SeparateTiles(spec)));

    private bool Decays => _spec.Causal && _t.Decays;

    public TileProgram Queries()
    {
        List<GemmTerm> terms = [new GemmTerm(_t.DNum, false, _t.St.Part, false, RowScale: Decays ? _t.QueryDecay : null)];
        List<TileOp> body = [];
        if (_spec.Causal)
        {
            body.AddRange([_ops.Keys(), _ops.Values(), _ops.Numerators(), _ops.Gradients()]);
            terms.Add(new GemmTerm(_t.DP, false, _t.Kf, false, Triangle.Lower));
        }
        else
        {
            body.Add(_ops.Numerators());
        }

        List<Operand> operands = [];
        Expr gradient = Sum;
        if (_t.Z is { } z)
            gradient += Read([new Operand(_t.Dn!, Broadcast.Row), new Operand(z.Part, Broadcast.Column)], _t.QueryDecay, operands);
        string fade = Decays ? "qdecay " : "", normalizer = _t.Z is null ? "" : $" + {fade}dn z";
        body.Add(Gradient(terms, gradient, operands, _t.Q, _t.Dq, FeatureMaps.Scaled(_spec.QueryMap, _spec.Scale), null, $"{fade}dnum S^T{(_spec.Causal ? " + dp kf" : "")}{normalizer}"));
        if (_t.QueryFlow is { } flow)
            body.Add(Flow(flow, _t.Q));
        return SeparateBackward.Phase(_spec, SeparateBackward.Queries, ChunkGrid.LeftToRight, body, _spec.Causal ? FoldState() : [], "chunks of queries: dq, and S for the next");
    }

    public TileProgram Keys()
    {
        List<GemmTerm> terms = [new GemmTerm(_t.Vf, false, _t.DSt.Part, false, RowScale: Decays ? _t.KeyDecay : null)];
        List<TileOp> body = [_ops.Values()];
        if (_spec.Causal)
        {
            body.AddRange([_ops.Queries(), _ops.Numerators(), _ops.Gradients()]);
            if (Decays)
                body.Add(_t.Fading!.OfKeys);
            terms.Add(new GemmTerm(_t.DP, true, _t.Qf, false, Triangle.Upper));
        }

        List<Operand> operands = [];
        Expr gradient = Sum;
        if (_t.DZ is { } dz)
            gradient += Read([new Operand(dz.Part, Broadcast.Column)], _t.KeyDecay, operands);
        string fade = Decays ? "kdecay " : "", normalizer = _t.DZ is null ? "" : $" + {fade}dz";
        body.Add(Gradient(terms, gradient, operands, _t.K, _t.Dk, FeatureMaps.Pointwise(_spec.KeyMap), _t.Mask, $"{fade}vf dS^T{(_spec.Causal ? " + dp^T qf" : "")}{normalizer}"));
        if (_t.KeyFlow is { } flow)
            body.Add(Flow(flow, _t.K));
        return SeparateBackward.Phase(
            _spec, SeparateBackward.Keys, _spec.Causal ? ChunkGrid.RightToLeft : ChunkGrid.LeftToRight, body, _spec.Causal ? FoldGradient() : [], "chunks of keys: dk, and dS for the one before");
    }

    /// <summary>S^T += v^T k and z += k over the chunk.</summary>
    private IEnumerable<TileOp> FoldState()
    {
        foreach (TileOp op in _ops.Fades(ofKeys: true))
            yield return op;
        if (Decays)
            yield return SeparateOps.Fade(_t.Kf, _t.KeyDecay);
        yield return SeparateOps.Fold(_t.St, _t.Vf, _t.Kf);
        if (_t.Z is { } z)
            yield return SeparateOps.FoldRows(z, _t.Kf, null);
    }

    /// <summary>dS^T += dnum^T q and dz += dn q over the chunk.</summary>
    private IEnumerable<TileOp> FoldGradient()
    {
        foreach (TileOp op in _ops.Fades(ofKeys: false))
            yield return op;
        if (Decays)
            yield return SeparateOps.Fade(_t.Qf, _t.QueryDecay);
        yield return SeparateOps.Fold(_t.DSt, _t.DNum, _t.Qf);
        if (_t.DZ is { } dz)
            yield return SeparateOps.FoldRows(dz, _t.Qf, _t.Dn);
    }

    /// <summary>The product of <paramref name="factors"/>, faded where states fade before a row reads them.</summary>
    private Expr Read(IEnumerable<Operand> factors, Tile decay, List<Operand> operands)
    {
        Expr? product = null;
        foreach (Operand factor in Decays ? factors.Append(new Operand(decay, Broadcast.Row)) : factors)
        {
            operands.Add(factor);
            Expr next = new Expr.Arg(operands.Count);
            product = product is null ? next : product * next;
        }

        return product!;
    }

    /// <summary>dx = gradient phi'(x), and where a decay has a gradient, y = gradient phi(x) beside it.</summary>
    private TileOp Gradient(List<GemmTerm> terms, Expr gradient, List<Operand> operands, Tile x, Tile dx, Expr map, Tile? guard, string note)
    {
        Expr slope = Derivative.Of(map);
        if (_t.Flows is not null || slope is not Expr.Const)
            operands.Add(new Operand(x));
        Expr at = new Expr.Arg(operands.Count);
        Expr factor = Substitution.ReplaceArg(slope, 0, at);
        List<Assign> assigns = [new Assign(dx, factor is Expr.Const { Value: 1.0 } ? gradient : gradient * factor)];
        if (_t.Flows is { } flows)
            assigns.Add(new Assign(flows, gradient * Substitution.ReplaceArg(map, 0, at)));
        return new TileOp.Gemm(new EquatableArray<GemmTerm>(terms), operands.ToArray(), assigns.ToArray(), Guard: guard)
        {
            Note = $"{dx.Name} = ({note}) phi'({x.Name}){(_t.Flows is null ? "" : $", y = the same times phi({x.Name})")}{(guard is null ? "" : ", zero where masked")}",
        };
    }

    /// <summary>phi(x_r).dphi(x_r).</summary>
    private TileOp Flow(Tile flow, Tile x) => new TileOp.Reduce(
        Axis.Column,
        new[] { new ReduceTerm(Sum, new[] { new Operand(_t.Flows!) }) },
        EquatableArray<Operand>.Empty,
        new[] { new Assign(flow, Sum) })
    {
        Note = $"{flow.Name}[r] = phi({x.Name}[r]).dphi({x.Name}[r])",
    };
}
