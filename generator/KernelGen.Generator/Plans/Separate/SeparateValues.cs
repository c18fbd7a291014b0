using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>The phases of <see cref="SeparateBackward"/> that have a slice of the values: gradients of values, and of states.</summary>
internal sealed class SeparateValues
{
    private readonly KernelSpec _spec;
    private readonly SeparateTiles _t;
    private readonly SeparateOps _ops;

    public SeparateValues(KernelSpec spec) => (_spec, _t, _ops) = (spec, new SeparateTiles(spec), new SeparateOps(spec, new SeparateTiles(spec)));

    public TileProgram Values()
    {
        bool causal = _spec.Causal, decays = causal && _t.Decays;
        List<GemmTerm> terms = [new GemmTerm(_t.Kf, false, _t.DS.Part, false, RowScale: decays ? _t.KeyDecay : null)];
        List<TileOp> body = [_ops.Keys()];
        if (causal)
        {
            body.AddRange([_ops.Queries(), _ops.Numerators(), _ops.Weights()]);
            if (decays)
                body.Add(_t.Fading!.OfKeys);
            terms.Add(new GemmTerm(_t.P, true, _t.DNum, false, Triangle.Upper));
        }

        body.Add(new TileOp.Gemm(new EquatableArray<GemmTerm>(terms), EquatableArray<Operand>.Empty, new[] { new Assign(_t.Dv, new Expr.Arg(0)) }, Guard: _t.Mask)
        {
            Note = $"dv = {(decays ? "kdecay " : "")}kf dS{(causal ? " + p^T dnum" : "")}, zero where masked",
        });
        return SeparateBackward.Phase(
            _spec, SeparateBackward.Values, causal ? ChunkGrid.RightToLeft : ChunkGrid.LeftToRight, body, causal ? FoldGradient(withNormalizer: false) : [],
            "chunks of values: dv, and dS for the one before");
    }

    public TileProgram StateGradient() => SeparateBackward.Phase(
        _spec, SeparateBackward.StateGradient, ChunkGrid.RightToLeft, [_ops.Queries(), _ops.Numerators()], FoldGradient(withNormalizer: true), "chunks of queries, right to left: dS");

    /// <summary>dS += q^T dnum and dz += dn q over the chunk.</summary>
    private IEnumerable<TileOp> FoldGradient(bool withNormalizer)
    {
        foreach (TileOp op in _ops.Fades(ofKeys: false))
            yield return op;
        if (_t.Decays)
            yield return SeparateOps.Fade(_t.Qf, _t.QueryDecay);
        yield return SeparateOps.Fold(_t.DS, _t.Qf, _t.DNum);
        if (withNormalizer && _t.DZ is { } dz)
            yield return SeparateOps.FoldRows(dz, _t.Qf, _t.Dn);
    }
}
