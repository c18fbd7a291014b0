using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// Attention with a kernel phi(q).phi(k), summed into a state: S = sum_s phi(k_s) v_s^T, z = sum_s phi(k_s).
/// With decay lambda = exp(-slope) (or a gate a token, see <see cref="GateFading"/>), over a chunk of m tokens and in the decode convention (the last token undecayed):
/// <code>
/// o_r = lambda^(r+1) q_r S + sum_{s &lt;= r} lambda^(r-s) (q_r.k_s) v_s        S &lt;- lambda^m S + sum_s lambda^(m-1-s) k_s v_s^T
/// </code>
/// Every factor is at most 1. Without decay the fold is a compensated sum. The contribution of a chunk is summed from zero in token order, and chunks
/// are folded from left to right: that grouping is the same for every pass, target and number of threads.
/// </summary>
internal static class KernelStatePlan
{
    public static KernelPrograms Build(KernelSpec spec)
    {
        KernelStateTiles t = new(spec);
        StateParts state = new(t.S, t.SError, t.Z, t.ZError);
        if (spec.Causal)
        {
            TileOp[] prologue = [.. t.Fading?.OfCall ?? default], rows = [.. t.Fading?.OfRows ?? default];
            TileOp loop = new TileOp.ForChunks(
                spec.ChunkSize,
                t.Keys.Prepare().Concat(rows).Concat(MapQueries(spec, t)).Concat(MapKeys(t)).Concat([CopyValues(t), Scores(t)]).Concat(Normalizer(spec, t, causal: true)).Append(Outputs(t, causal: true)).ToArray(),
                Fold(t))
            {
                Note = "chunks of keys, values and queries, left to right",
            };
            return new KernelPrograms(new[] { Phase("Sweep", prologue.Concat(FindGreatest()).Append(loop)) }, state, KernelStateBackward.Build(spec));
        }

        TileOp accumulate = new TileOp.ForChunks(spec.ChunkSize, t.Keys.Prepare().Concat(MapKeys(t)).Append(CopyValues(t)).ToArray(), Fold(t))
        {
            Note = "chunks of keys and values, left to right",
        };
        TileOp read = new TileOp.ForChunks(
            spec.ChunkSize,
            MapQueries(spec, t).Concat(Normalizer(spec, t, causal: false)).Append(Outputs(t, causal: false)).ToArray(),
            EquatableArray<TileOp>.Empty)
        {
            Note = "chunks of queries",
        };
        return new KernelPrograms(new[] { Phase("Sweep", FindGreatest().Append(accumulate)), Phase("Read", [read]) }, state, KernelStateBackward.Build(spec));

        // Before the loop that needs it, and from zero: the state of an earlier call has nothing to say of this one's keys.
        IEnumerable<TileOp> FindGreatest() => t.Keys.FindGreatest(ChunkGrid.Continued, spec.ChunkSize);

        TileProgram Phase(string name, IEnumerable<TileOp> ops) => new(name, Formats.ElementBytes(spec), ops.ToArray()) { Tokens = Formats.Tokens(spec) };
    }

    public static IEnumerable<TileOp> MapQueries(KernelSpec spec, KernelStateTiles t) =>
        t.Queries.Prepare().Concat(t.Queries.Map(t.Qf, spec.Scale, $"phi(q){(spec.Scale == 1.0 ? "" : " scale")}"));

    public static IEnumerable<TileOp> MapKeys(KernelStateTiles t) => t.Keys.Map(t.Kr, 1.0, "phi(k)").Concat(Gained(t.Fading, t.Kr, t.Kf));

    /// <summary>Mapped keys as they are weighed; nothing where that is as they are.</summary>
    public static IEnumerable<TileOp> Gained(Fading? fading, Tile mapped, Tile target)
    {
        if (fading?.KeyGain is not { } gain)
            yield break;
        yield return new TileOp.Map(new[] { new Assign(target, new Expr.Arg(0) * new Expr.Arg(1)) }, new[] { new Operand(mapped), new Operand(gain, Broadcast.Row) })
        {
            Note = $"{target.Name}[r] = {gain.Name}[r] {mapped.Name}[r]",
        };
    }

    public static TileOp CopyValues(KernelStateTiles t) =>
        new TileOp.Map(new[] { new Assign(t.Vf, new Expr.Arg(0)) }, new[] { new Operand(t.V) }, t.Mask) { Note = "vf = v, zero where masked" };

    public static TileOp Scores(KernelStateTiles t)
    {
        Condition seen = new Condition.Compare(CompareOp.LessOrEqual, new Expr.Index(Axis.Column), new Expr.Index(Axis.Row));
        Expr weight = t.Fading is not null ? new Expr.Arg(0) * new Expr.Arg(1) : new Expr.Arg(0);
        return new TileOp.Gemm(
            new[] { new GemmTerm(t.Qf, false, t.Kf, true) },
            t.Fading is { } fading ? new[] { new Operand(fading.PairDecay, fading.PairBy) } : EquatableArray<Operand>.Empty,
            new[] { new Assign(t.P, new Expr.Select(seen, weight, 0.0)) },
            Region.Lower)
        {
            Note = $"p[r,s] = {(t.Fading is null ? "" : t.Fading.PairText + " ")}qf[r].kf[s] for s <= r",
        };
    }

    public static IEnumerable<TileOp> Normalizer(KernelSpec spec, KernelStateTiles t, bool causal)
    {
        if (spec.Normalizer is not { } normalizer)
            yield break;
        Expr read = new Expr.Arg(0) * new Expr.Arg(1);
        List<Operand> operands = [new Operand(t.Qf), new Operand(t.Z!, Broadcast.Column)];
        if (t.Fading is { } fading)
        {
            read = new Expr.Arg(0) * new Expr.Arg(2) * new Expr.Arg(1);
            operands.Add(new Operand(fading.QueryDecay, Broadcast.Row));
        }

        List<ReduceTerm> terms = [new ReduceTerm(read, operands.ToArray())];
        if (causal)
            terms.Add(new ReduceTerm(new Expr.Arg(0), new[] { new Operand(t.P) }, Lower: true));
        if (normalizer.OfSums)
            terms.Add(Denominators.OfSums(t.Qf, normalizer));
        yield return new TileOp.Reduce(
            Axis.Column,
            terms.ToArray(),
            EquatableArray<Operand>.Empty,
            new[] { new Assign(t.Inverse, Denominators.Inverse(new Expr.Arg(0), normalizer)) })
        {
            Note = $"inv[r] = 1 / {Denominators.Text($"{(t.Fading is not null ? "qdecay[r] " : "")}qf[r].z{(causal ? " + sum_s p[r,s]" : "")}", normalizer)}",
        };
    }

    public static TileOp Outputs(KernelStateTiles t, bool causal)
    {
        List<GemmTerm> terms = [new GemmTerm(t.Qf, false, t.S, false, RowScale: t.Fading?.QueryDecay)];
        if (causal)
            terms.Add(new GemmTerm(t.P, false, t.Vf, false, Triangle.Lower));
        bool normalized = t.Z is not null;
        return new TileOp.Gemm(
            terms.ToArray(),
            normalized ? new[] { new Operand(t.Inverse, Broadcast.Row) } : EquatableArray<Operand>.Empty,
            new[] { new Assign(t.O, normalized ? new Expr.Arg(0) * new Expr.Arg(1) : new Expr.Arg(0)) })
        {
            Note = $"o = {(normalized ? "inv (" : "")}{(t.Fading is not null ? "qdecay " : "")}qf S{(causal ? " + p vf" : "")}{(normalized ? ")" : "")}",
        };
    }

    public static TileOp[] Fold(KernelStateTiles t)
    {
        List<TileOp> ops = [];
        if (t.Fading is { } fading)
        {
            ops.Add(fading.OfKeys);
            ops.Add(fading.OfChunk);
            ops.Add(new TileOp.Map(
                new[] { new Assign(t.Vf, new Expr.Arg(0) * new Expr.Arg(1)) },
                new[] { new Operand(t.Vf), new Operand(fading.KeyDecay, Broadcast.Row) })
            {
                Note = "vf[s] = vf[s] kdecay[s], in place: the chunk is done with them",
            });
        }

        ops.Add(new TileOp.Gemm(new[] { new GemmTerm(t.Kf, true, t.Vf, false) }, t.FoldS.Operands, t.FoldS.Assigns)
        {
            Note = t.Fading is not null ? "S = a S + kf^T vf" : "S = S + kf^T vf, compensated",
        });
        if (t.FoldZ is { } fold)
        {
            ops.Add(new TileOp.Reduce(
                Axis.Row,
                new[] { t.Fading is { } faded ? DecayedKeys(t, faded) : new ReduceTerm(new Expr.Arg(0), new[] { new Operand(t.Kf) }) },
                fold.Operands,
                fold.Assigns)
            {
                Note = t.Fading is not null ? "z = a z + sum_s kdecay[s] kf[s]" : "z = z + sum_s kf[s], compensated",
            });
        }

        ops.AddRange(t.Fading?.OfState ?? default);
        return ops.ToArray();
    }

    private static ReduceTerm DecayedKeys(KernelStateTiles t, Fading fading) =>
        new(new Expr.Arg(0) * new Expr.Arg(1), new[] { new Operand(t.Kf), new Operand(fading.KeyDecay, Broadcast.Row) });
}
