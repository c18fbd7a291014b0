using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// The gradients of <see cref="KernelStateBackward"/>, each by a phase of its own that has the features or the values in slices: for processors of many small blocks, which
/// would rather compute a chunk's triangle twice than hold a whole state, or leave tiles for one another. All that passes between phases is a few numbers a token:
/// <code>
/// Rows (slices of values):        inv_r = 1 / (n_r + eps)     dn_r = -inv_r^2 sum_e dO_re num_re,   from S and z before the chunk
/// Queries (slices of features):   dq_r = lambda^(r+1) (S dnum_r + dn_r z) + sum_{s &lt;= r} dP_rs k_s
/// Keys (slices of features):      dk_s = lambda^(m-1-s) (dS v_s + dz) + sum_{r >= s} dP_rs q_r
/// Values (slices of values):      dv_s = lambda^(m-1-s) dS^T k_s + sum_{r >= s} P_rs dnum_r
/// StateGradient (slices of values): dS and dz alone, for callers that ask for them and for sequences that are cut
/// </code>
/// Causal: rows and queries from left to right, keys and values from right to left. Not causal: every phase finds the whole sum in the state it starts from.
/// </summary>
internal static class SeparateBackward
{
    public const string Rows = "Rows", Queries = "Queries", Keys = "Keys", Values = "Values", StateGradient = "StateGradient", State = "State";

    /// <summary>Which part of a plain state a state's tile holds, by name: the first letters of a compensation's name are those of what it compensates.</summary>
    public static IReadOnlyDictionary<string, (string Part, bool Transposed)> Parts { get; } = new[] { "", "err" }
        .SelectMany(error => new[] { ("S", "S", false), ("z", "z", false), ("St", "S", true), ("dS", "S", false), ("dSt", "S", true), ("dz", "z", false) }
            .Select(p => (Name: p.Item1 + error, Part: p.Item2 + error, p.Item3)))
        .ToDictionary(p => p.Name, p => (p.Part, p.Item3), StringComparer.Ordinal);

    /// <summary>Whether the phases are those of a declaration: of one with pointwise maps and a decay, if any, that is the same for all tokens of a head.</summary>
    public static bool Supports(KernelSpec spec) => !spec.IsGated && !spec.Projects && spec.Normalizer is not { Rule: not EpsilonRule.Denominator };

    /// <summary>The backward phases of a declaration.</summary>
    public static IEnumerable<SlicedPhase> Phases(KernelSpec spec)
    {
        bool flows = spec.Decay == DecayKind.PerHead;
        if (spec.Normalizer is not null)
            yield return new SlicedPhase(Rows, SliceAxis.Values, s => new SeparateRows(s).Program(), ["dn"]);
        yield return new SlicedPhase(Queries, SliceAxis.Features, s => new SeparateFeatures(s).Queries(), flows ? ["qflow"] : []);
        yield return new SlicedPhase(Keys, SliceAxis.Features, s => new SeparateFeatures(s).Keys(), flows ? ["kflow"] : []);
        yield return new SlicedPhase(Values, SliceAxis.Values, s => new SeparateValues(s).Values(), []);
        yield return new SlicedPhase(StateGradient, SliceAxis.Values, s => new SeparateValues(s).StateGradient(), []);
    }

    /// <summary>What a run of a causal sequence's chunks adds to the state.</summary>
    public static SlicedPhase StatePhase { get; } = new(State, SliceAxis.Values, StateProgram, []);

    /// <summary>A phase: the factors of decay that all chunks share, and the loop.</summary>
    public static TileProgram Phase(KernelSpec spec, string name, ChunkGrid grid, IEnumerable<TileOp> body, IEnumerable<TileOp> close, string note)
    {
        SeparateTiles t = new(spec);
        TileOp[] ops = [.. body], folds = [.. close];
        HashSet<Tile> read = [.. ops.Concat(folds).SelectMany(TileProgram.Reads)];
        TileOp[] prologue = [.. (t.Fading?.OfCall ?? default).Where(op => TileProgram.Writes(op).Any(read.Contains))];
        TileOp loop = new TileOp.ForChunks(spec.ChunkSize, new EquatableArray<TileOp>(ops), new EquatableArray<TileOp>(folds), grid) { Note = note };
        return new TileProgram(name, Formats.ElementBytes(spec), prologue.Append(loop).ToArray()) { Tokens = Formats.Tokens(spec) };
    }

    private static TileProgram StateProgram(KernelSpec spec)
    {
        KernelStateTiles t = new(spec);
        return Phase(spec, State, ChunkGrid.LeftToRight, [.. KernelStatePlan.MapKeys(t), KernelStatePlan.CopyValues(t)], KernelStatePlan.Fold(t), "chunks of keys and values: what they add to S");
    }
}
