using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// The backward pass of <see cref="KernelStatePlan"/>. With q and k mapped (and masked), n_r the denominator, inv_r = 1 / n_r and
/// dnum_r = inv_r dO_r, over a chunk of m tokens:
/// <code>
/// P_rs  = lambda^(r-s) q_r.k_s                      dn_r  = -inv_r (dO_r.o_r)
/// dP_rs = lambda^(r-s) (dnum_r.v_s + dn_r)          dq_r  = lambda^(r+1) (S dnum_r + dn_r z) + sum_{s &lt;= r} dP_rs k_s
/// dk_s  = lambda^(m-1-s) (dS v_s + dz) + sum_{r >= s} dP_rs q_r          dv_s = lambda^(m-1-s) dS^T k_s + sum_{r >= s} P_rs dnum_r
/// dS &lt;- lambda^m dS + sum_r lambda^(r+1) q_r dnum_r^T                    dz &lt;- lambda^m dz + sum_r lambda^(r+1) dn_r q_r
/// </code>
/// each then times the map's derivative; a learned projection's gradient is summed over the chunks of both. Causal: queries from left to right with S at each chunk's start, then the same chunks of keys from right
/// to left with dS at each chunk's end; what S has forgotten is never got back by subtraction. Not causal: S from all keys, then dS from all queries,
/// then the keys.
/// </summary>
internal static class KernelStateBackward
{
    public static BackwardPrograms Build(KernelSpec spec)
    {
        KernelStateBackwardTiles t = new(spec);
        BackwardQueries queries = new(spec, t);
        BackwardKeys keys = new(t);
        bool isFirst = true;
        TileProgram[] phases = spec.Causal
            ? [
                Phase("Queries", ChunkGrid.LeftToRight, queries.CausalChunk(), queries.FoldState().Concat(t.Fading?.OfState ?? default).Concat(t.Queries.Fold()), "chunks of queries, left to right: dq, and S for the next chunk"),
                Phase("Keys", ChunkGrid.RightToLeft, keys.CausalChunk(), queries.FoldGradient().Concat(t.Keys.Fold()), "the same chunks of keys and values, right to left: dk and dv, and dS for the chunk before"),
            ]
            : [
                Phase("State", ChunkGrid.LeftToRight, queries.Keys(), queries.FoldState(), "chunks of keys and values: S of all of them"),
                Phase("Queries", ChunkGrid.LeftToRight, queries.FreeChunk(), queries.FoldGradient().Concat(t.Queries.Fold()), "chunks of queries: dq, and dS of all of them"),
                Phase("Keys", ChunkGrid.LeftToRight, keys.FreeChunk(), t.Keys.Fold(), "chunks of keys and values: dk and dv"),
            ];
        return new BackwardPrograms(new EquatableArray<TileProgram>(phases), t.St, t.Z, t.DS, t.DZ, t.QueryFlow, t.KeyFlow)
        {
            ProjectionGradient = t.Queries.MatrixGradient,
            KeyProjectionGradient = t.Keys.MatrixGradient == t.Queries.MatrixGradient ? null : t.Keys.MatrixGradient,
        };

        TileProgram Phase(string name, ChunkGrid grid, IEnumerable<TileOp> body, IEnumerable<TileOp> close, string note)
        {
            TileOp[] prologue = [.. t.Fading?.OfCall ?? default, .. isFirst ? t.Keys.FindGreatest(grid, spec.ChunkSize) : []];
            isFirst = false;
            TileOp loop = new TileOp.ForChunks(spec.ChunkSize, new EquatableArray<TileOp>(body), new EquatableArray<TileOp>(close), grid) { Note = note };
            return new TileProgram(name, Formats.ElementBytes(spec), prologue.Append(loop).ToArray()) { Tokens = Formats.Tokens(spec) };
        }
    }
}
