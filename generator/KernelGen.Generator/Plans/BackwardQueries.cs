using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>What <see cref="KernelStateBackward"/> does with queries: their gradient, and both folds, of S and of dS.</summary>
internal sealed class BackwardQueries(KernelSpec spec, KernelStateBackwardTiles t)
{
    private static readonly Expr Sum = new Expr.Arg(0);

    private bool Normalized => t.Z is not null;

    /// <summary>Keys and values, mapped and masked, without derivatives.</summary>
    public IEnumerable<TileOp> Keys() => [.. t.Keys.Prepare(), .. MappedKeys(), BackwardKeys.Values(t)];

    private IEnumerable<TileOp> MappedKeys() => t.Keys.Map(t.Kr, 1.0, "phi(k)").Concat(KernelStatePlan.Gained(t.Fading, t.Kr, t.Kf));

    public IEnumerable<TileOp> CausalChunk()
    {
        BackwardScores scores = new(t);
        List<TileOp> ops = [.. t.Keys.Prepare(), .. t.Fading?.OfRows ?? default, .. Queries(), .. MappedKeys(), BackwardKeys.Values(t)];
        if (Normalized)
        {
            ops.AddRange(
            [
                scores.Weights(zeroFuture: true), Inverse(causal: true), scores.Numerators(), scores.Products(), ReadState(), DenominatorGradients(causal: true), scores.Gradients(), Gradient(),
            ]);
        }
        else
        {
            ops.AddRange([scores.Numerators(), scores.GradientsOfProducts(), Gradient()]);
        }

        if (t.QueryFlow is { } flow)
            ops.Add(BackwardScores.Flow(flow, t.Qf, t.DQf!));
        ops.AddRange(Finish());
        return ops;
    }

    public IEnumerable<TileOp> FreeChunk()
    {
        BackwardScores scores = new(t);
        if (!Normalized)
            return [.. Queries(), scores.Numerators(), FreeProduct(), .. Finish()];
        return [.. Queries(), Inverse(causal: false), scores.Numerators(), ReadState(), DenominatorGradients(causal: false), FreeGradient(), .. Finish()];
    }

    /// <summary>S^T += v^T k and z += k over the chunk.</summary>
    public IEnumerable<TileOp> FoldState()
    {
        if (t.Fading is { } fading)
        {
            yield return fading.OfKeys;
            yield return fading.OfChunk;
            yield return new TileOp.Map(
                new[] { new Assign(t.DecayedV, new Expr.Arg(0) * new Expr.Arg(1)) }, new[] { new Operand(t.Vf), new Operand(fading.KeyDecay, Broadcast.Row) })
            {
                Note = "vd[s] = kdecay[s] vf[s]",
            };
        }

        Tile values = t.Fading is not null ? t.DecayedV : t.Vf;
        yield return new TileOp.Gemm(new[] { new GemmTerm(values, true, t.Kf, false) }, t.FoldSt.Operands, t.FoldSt.Assigns)
        {
            Note = t.Fading is not null ? "St = a St + vd^T kf" : "St = St + vf^T kf, compensated",
        };
        if (t.FoldZ is { } fold)
        {
            yield return new TileOp.Reduce(Axis.Row, new[] { t.Fading is { } faded ? Weighted(t.Kf, faded.KeyDecay) : new ReduceTerm(Sum, new[] { new Operand(t.Kf) }) }, fold.Operands, fold.Assigns)
            {
                Note = t.Fading is not null ? "z = a z + sum_s kdecay[s] kf[s]" : "z = z + sum_s kf[s], compensated",
            };
        }
    }

    /// <summary>dS += q^T dnum and dz += dn q over the chunk.</summary>
    public IEnumerable<TileOp> FoldGradient()
    {
        if (t.Fading is { } fading)
        {
            yield return fading.OfChunk;
            yield return new TileOp.Map(
                new[] { new Assign(t.DecayedQf, new Expr.Arg(0) * new Expr.Arg(1)) }, new[] { new Operand(t.Qf), new Operand(fading.QueryDecay, Broadcast.Row) })
            {
                Note = "qd[r] = qdecay[r] qf[r]",
            };
        }

        Tile queries = t.Fading is not null ? t.DecayedQf : t.Qf;
        yield return new TileOp.Gemm(new[] { new GemmTerm(queries, true, t.DNum, false) }, t.FoldDS.Operands, t.FoldDS.Assigns)
        {
            Note = t.Fading is not null ? "dS = a dS + qd^T dnum" : "dS = dS + qf^T dnum, compensated",
        };
        if (t.FoldDZ is { } fold)
        {
            yield return new TileOp.Reduce(Axis.Row, new[] { Weighted(queries, t.Dn!) }, fold.Operands, fold.Assigns)
            {
                Note = t.Fading is not null ? "dz = a dz + sum_r dn[r] qd[r]" : "dz = dz + sum_r dn[r] qf[r], compensated",
            };
        }
    }

    private static ReduceTerm Weighted(Tile rows, Tile weights) =>
        new(new Expr.Arg(0) * new Expr.Arg(1), new[] { new Operand(rows), new Operand(weights, Broadcast.Row) });

    private IEnumerable<TileOp> Queries()
    {
        string note = $"phi(q){(spec.Scale == 1.0 ? "" : " scale")}";
        return t.Queries.Prepare().Concat(t.QuerySlope is { } slope ? [slope.Map(t.Queries.MapOperands, t.Qf, note, null, derives: true)] : t.Queries.Map(t.Qf, spec.Scale, note));
    }

    private IEnumerable<TileOp> Finish() => t.Queries.Finish(t.Dq, t.DQf, spec.Scale);

    /// <summary>The gradient of what the map is computed from, and its name in notes.</summary>
    private Tile Target => t.Queries.ProjectedGradient ?? t.Dq;

    private TileOp Inverse(bool causal) => new TileOp.Reduce(
        Axis.Column,
        Rows(new Operand(t.Z!, Broadcast.Column), causal ? new ReduceTerm(Sum, new[] { new Operand(t.P) }, Lower: true) : null, spec.Normalizer!.OfSums ? Denominators.OfSums(t.Qf, spec.Normalizer) : null),
        EquatableArray<Operand>.Empty,
        Denominators.Slope(Sum, spec.Normalizer) is { } slope
            ? new[] { new Assign(t.Inverse!, Denominators.Inverse(Sum, spec.Normalizer)), new Assign(t.DenominatorSlope!, slope) }
            : new[] { new Assign(t.Inverse!, Denominators.Inverse(Sum, spec.Normalizer)) })
    {
        Note = $"inv[r] = 1 / {Denominators.Text($"{QueryDecayText}qf[r].z{(causal ? " + sum_s p[r,s]" : "")}", spec.Normalizer)}{(t.DenominatorSlope is null ? "" : ", nslope[r] = its derivative")}",
    };

    private TileOp DenominatorGradients(bool causal) => new TileOp.Reduce(
        Axis.Column,
        Rows(new Operand(t.W), causal ? new ReduceTerm(new Expr.Arg(0) * new Expr.Arg(1), new[] { new Operand(t.P), new Operand(t.G) }, Lower: true) : null),
        t.DenominatorSlope is { } slope ? new[] { new Operand(t.Inverse!, Broadcast.Row), new Operand(slope, Broadcast.Row) } : new[] { new Operand(t.Inverse!, Broadcast.Row) },
        new[] { new Assign(t.Dn!, t.DenominatorSlope is null ? -(new Expr.Arg(1) * Sum) : -(new Expr.Arg(1) * Sum) * new Expr.Arg(2)) })
    {
        Note = $"dn[r] = {(t.DenominatorSlope is null ? "" : "nslope[r] ")}-inv[r] dO[r].o[r] = {(t.DenominatorSlope is null ? "" : "nslope[r] ")}-inv[r] ({QueryDecayText}qf[r].w[r]{(causal ? " + sum_s p[r,s] g[r,s]" : "")})",
    };

    private string SumsText => spec.Normalizer!.OfSums ? " + dn eps" : "";

    private string QueryDecayText => t.Fading is not null ? "qdecay[r] " : "";

    /// <summary>qdecay[r] qf[r] . other[r], then perhaps other terms.</summary>
    private EquatableArray<ReduceTerm> Rows(Operand other, params ReduceTerm?[] then)
    {
        ReduceTerm first = t.Fading is { } fading
            ? new ReduceTerm(new Expr.Arg(0) * new Expr.Arg(2) * new Expr.Arg(1), new[] { new Operand(t.Qf), other, new Operand(fading.QueryDecay, Broadcast.Row) })
            : new ReduceTerm(new Expr.Arg(0) * new Expr.Arg(1), new[] { new Operand(t.Qf), other });
        return new[] { first }.Concat(then.OfType<ReduceTerm>()).ToArray();
    }

    private TileOp ReadState() =>
        new TileOp.Gemm(new[] { new GemmTerm(t.DNum, false, t.St, false) }, EquatableArray<Operand>.Empty, new[] { new Assign(t.W, Sum) }) { Note = "w = dnum S^T" };

    private TileOp Gradient()
    {
        GemmTerm within = new(t.DP, false, t.Kf, false, Triangle.Lower);
        if (!Normalized)
        {
            GemmTerm before = new(t.DNum, false, t.St, false, RowScale: t.Fading?.QueryDecay);
            return QueryGradient([before, within], [], Sum, $"{(t.Fading is not null ? "qdecay " : "")}dnum S^T + dp kf");
        }

        List<Operand> operands = [new Operand(t.W), new Operand(t.Dn!, Broadcast.Row), new Operand(t.Z!, Broadcast.Column)];
        Expr read = new Expr.Arg(1) + (new Expr.Arg(2) * new Expr.Arg(3));
        if (t.Fading is { } fading)
        {
            operands.Add(new Operand(fading.QueryDecay, Broadcast.Row));
            read *= new Expr.Arg(4);
        }

        if (spec.Normalizer!.OfSums)
            read += new Expr.Arg(2) * spec.Normalizer.Epsilon;

        return QueryGradient([within], operands, Sum + read, $"dp kf + {(t.Fading is not null ? "qdecay " : "")}(w + dn z){SumsText}");
    }

    private TileOp FreeProduct() => QueryGradient([new GemmTerm(t.DNum, false, t.St, false)], [], Sum, "dnum S^T");

    private TileOp QueryGradient(GemmTerm[] terms, List<Operand> operands, Expr gradient, string note)
    {
        List<Assign> assigns = t.QuerySlope is { } slope ? [new(Target, slope.Times(gradient, operands, hasSum: true))] : [];
        if (t.DQf is not null)
            assigns.Add(new Assign(t.DQf, gradient));
        return new TileOp.Gemm(terms, operands.ToArray(), assigns.ToArray()) { Note = t.QuerySlope is null ? $"{t.DQf!.Name} = {note}" : $"{Target.Name} = {t.QuerySlope.Text(note)}" };
    }

    private TileOp FreeGradient()
    {
        List<Operand> operands = [new Operand(t.W), new Operand(t.Dn!, Broadcast.Row), new Operand(t.Z!, Broadcast.Column)];
        Expr read = new Expr.Arg(0) + (new Expr.Arg(1) * new Expr.Arg(2));
        if (spec.Normalizer!.OfSums)
            read += new Expr.Arg(1) * spec.Normalizer.Epsilon;
        string note = $"w + dn z{SumsText}";
        if (t.QuerySlope is null)
            return new TileOp.Map(new[] { new Assign(t.DQf!, read) }, operands.ToArray()) { Note = $"{t.DQf!.Name} = {note}" };
        Expr gradient = t.QuerySlope.Times(read, operands, hasSum: false);
        return new TileOp.Map(new[] { new Assign(Target, gradient) }, operands.ToArray()) { Note = $"{Target.Name} = {t.QuerySlope.Text(note)}" };
    }
}
