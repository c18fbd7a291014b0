using KernelGen.Generator.Expressions;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Tiles;

/// <summary>
/// Cuts a sweep along the sequence into three phases that many cores can share, with the additions of the sweep and so its bits. Where a chunk c closes by
/// folds S &lt;- f(S, L_c), L_c a sum from zero over the chunk's tokens:
/// <code>
/// Contribute: L_c into the slot of chunk c, for all chunks of a group at once.
/// Fold:       slot of c &lt;- S, then S &lt;- f(S, L_c), for c in the sweep's order: over any run of elements, all of them at once.
/// Emit:       the outputs of chunk c from the state in its slot, for all chunks at once.
/// </code>
/// Where outputs do not depend on what is folded, contributing computes them by the way and nothing is left to emit. All of it concerns whole chunks: an
/// unfinished one is for the sweep. The ops are the sweep's own but for the folds'.
/// </summary>
internal static class Windowing
{
    /// <summary>
    /// <c>Contribute</c>, <c>Fold</c> and, where outputs depend on the state before their chunk, <c>Emit</c>; nothing where the sweep is not of this form: where
    /// what a chunk contributes depends on that state, or a fold on more of the chunk than one sum.
    /// </summary>
    /// <param name="sweep">Any phase that ends in a loop over chunks.</param>
    /// <param name="prefix">What the names of the three begin with.</param>
    public static EquatableArray<TileProgram> Derive(TileProgram sweep, string prefix = "")
    {
        if (sweep.Ops.Count == 0 || sweep.Ops[sweep.Ops.Count - 1] is not TileOp.ForChunks loop || !loop.Close.Any(WritesState))
            return default;
        TileOp[] before = sweep.Ops.Take(sweep.Ops.Count - 1).ToArray();
        if (before.Concat(loop.Body).Concat(loop.Close).Any(op => op is TileOp.ForChunks or TileOp.Scan) || before.Concat(loop.Body).Any(WritesState))
            return default;

        // States that nothing is folded into are as constant as the call's numbers.
        Tile[] folded = loop.Close.SelectMany(TileProgram.Writes).Where(t => t.Role == TileRole.State).Distinct().ToArray();
        TileOp[] read = Slice(before.Concat(loop.Body), WritesResult).ToArray();
        Tile[] states = read.SelectMany(TileProgram.Reads).Where(folded.Contains).Distinct().ToArray();
        Fold[] folds = loop.Close.Where(WritesState).Select(op => Fold.Of(op, states)).ToArray();
        TileOp[] every = before.Concat(loop.Body).Concat(loop.Close).ToArray();
        if (folds.Any(f => !f.IsSum))
            return default;

        // The sum of a fold needs the ops that its terms read from; its other operands are read by the scan.
        // So is a single number that is the same for all chunks; one that is not waits in the chunk's slot.
        Tile[] numbers = folds.SelectMany(f => f.Numbers).Distinct().ToArray();
        Tile[] constants = numbers.Where(n => Slice(every, op => TileProgram.Writes(op).Contains(n)).All(IsConstant)).ToArray();
        Dictionary<Tile, Tile> slotted = numbers.Except(constants).ToDictionary(n => n, n => SlotTile(n with { Name = n.Name + prefix }));
        TileOp[] contributing = every.Select(op => folds.FirstOrDefault(f => ReferenceEquals(f.Op, op))?.Contribution ?? Slotted(op, slotted)).ToArray();
        bool emits = states.Length > 0;
        TileOp[] needed = Slice(contributing, op => TileProgram.Writes(op).Any(t => t.Role == TileRole.Slot) || (!emits && WritesResult(op))).ToArray();
        TileOp[] prepared = Slice(every, op => TileProgram.Writes(op).Any(constants.Contains)).ToArray();
        if (needed.SelectMany(TileProgram.Reads).Any(folded.Contains))
            return default;

        TileOp contribute = loop with
        {
            Body = contributing.Skip(before.Length).Take(loop.Body.Count).Where(needed.Contains).ToArray(),
            Close = contributing.Skip(before.Length + loop.Body.Count).Where(needed.Contains).ToArray(),
            Note = emits || read.Length == 0 ? "whole chunks: what each adds to the state, into its slot" : "whole chunks: outputs, and what each adds to the state, into its slot",
        };
        List<TileProgram> programs =
        [
            new(prefix + "Contribute", sweep.ElementBytes, before.Where(needed.Contains).Append(contribute).ToArray()) { Sweep = sweep.Name, Tokens = sweep.Tokens },
            new(prefix + "Fold", sweep.ElementBytes, prepared.Select(op => OfWholeChunk(op, loop.Size)).Concat(folds.Select(f => f.Scan(loop.Size, slotted))).ToArray()) { Sweep = sweep.Name, Tokens = sweep.Tokens },
        ];
        if (emits)
        {
            TileOp emit = loop with { Body = loop.Body.Where(read.Contains).ToArray(), Close = default, Note = "whole chunks: outputs, each from the state before it" };
            programs.Add(new TileProgram(prefix + "Emit", sweep.ElementBytes, before.Where(read.Contains).Append(emit).ToArray())
            {
                Tokens = sweep.Tokens,
                Sweep = sweep.Name,
                Slots = folds.SelectMany(f => f.Slots).ToArray(),
            });
        }

        return programs.ToArray();
    }

    private static bool WritesState(TileOp op) => TileProgram.Writes(op).Any(t => t.Role == TileRole.State);

    private static bool WritesResult(TileOp op) => TileProgram.Writes(op).Any(t => t.Role is TileRole.Output or TileRole.Tokens);

    /// <summary>Whether an op computes the same for every whole chunk.</summary>
    private static bool IsConstant(TileOp op) =>
        op is TileOp.Map { Guard: null } && TileProgram.TilesOf(op).All(t => t.Role is TileRole.Parameter or TileRole.Scratch && !t.Rows.Tokens && !t.Columns.Tokens);

    /// <summary>An op that writes a number of the chunk's, writing it to the slot.</summary>
    private static TileOp Slotted(TileOp op, Dictionary<Tile, Tile> numbers) => op is TileOp.Map map && map.Assigns.Any(a => numbers.ContainsKey(a.Target))
        ? map with { Assigns = map.Assigns.Select(a => numbers.TryGetValue(a.Target, out Tile? slot) ? a with { Target = slot } : a).ToArray() }
        : op;

    private static Tile SlotTile(Tile tile) => tile with { Name = tile.Name + "c", Role = TileRole.Slot };

    private static TileOp OfWholeChunk(TileOp op, int size) => op is TileOp.Map map
        ? map with { Assigns = map.Assigns.Select(a => a with { Value = Substitution.Rewrite(a.Value, e => e is Expr.ChunkEnd ? new Expr.Const(size) : null) }).ToArray() }
        : op;

    /// <summary>The ops that satisfy <paramref name="wanted"/>, and those that wrote what they read, in order.</summary>
    private static IEnumerable<TileOp> Slice(IEnumerable<TileOp> ops, Func<TileOp, bool> wanted)
    {
        List<TileOp> kept = [];
        HashSet<Tile> needed = [];
        foreach (TileOp op in ops.Reverse())
        {
            if (!wanted(op) && !TileProgram.Writes(op).Any(needed.Contains))
                continue;
            kept.Add(op);
            needed.UnionWith(TileProgram.Reads(op));
        }

        kept.Reverse();
        return kept;
    }

    /// <summary>One op that folds a chunk's sum into state tiles.</summary>
    private sealed record Fold(TileOp Op, EquatableArray<Operand> Operands, TileOp? Contribution, Tile Local, EquatableArray<SlotOf> Slots)
    {
        public IEnumerable<Tile> Targets => TileProgram.Writes(Op);

        /// <summary>Whether the op is a sum over tokens that only state tiles and single numbers are combined with.</summary>
        public bool IsSum => Contribution is not null
            && Targets.All(t => t.Role == TileRole.State)
            && Operands.All(o => o.Tile.Role == TileRole.State ? SameShape(o.Tile) : o.By == Broadcast.Scalar);

        /// <summary>Single numbers that the fold reads.</summary>
        public IEnumerable<Tile> Numbers => Operands.Where(o => o.By == Broadcast.Scalar && o.Tile.Role == TileRole.Scratch).Select(o => o.Tile);

        /// <param name="op">Writes state tiles.</param>
        /// <param name="read">State tiles that outputs are computed from. The first of them that the op writes shares its slot with the sum.</param>
        public static Fold Of(TileOp op, IReadOnlyCollection<Tile> read)
        {
            Tile[] kept = TileProgram.Writes(op).Where(read.Contains).ToArray();
            Tile local = SlotTile(kept.Length > 0 ? kept[0] : TileProgram.Writes(op).First());
            EquatableArray<Assign> sum = new[] { new Assign(local, new Expr.Arg(0)) };
            (EquatableArray<Operand> operands, TileOp? contribution) = op switch
            {
                TileOp.Gemm gemm => (gemm.Operands, (TileOp)(gemm with { Operands = default, Assigns = sum, Note = $"{local.Name} = the sum of: {gemm.Note}" })),
                TileOp.Reduce { Over: Axis.Row } reduce => (reduce.Operands, reduce with { Operands = default, Assigns = sum, Note = $"{local.Name} = the sum of: {reduce.Note}" }),
                _ => (default, null),
            };
            return new Fold(op, operands, contribution, local, kept.Select(t => new SlotOf(t, SlotTile(t))).ToArray());
        }

        /// <summary>The op with its sum read from the slot, where it leaves the states of before.</summary>
        /// <param name="size">Of a chunk.</param>
        /// <param name="slotted">Numbers that are read from the slot too, and where.</param>
        public TileOp Scan(int size, Dictionary<Tile, Tile> slotted)
        {
            List<Operand> operands = [new Operand(Local)];
            operands.AddRange(Operands.Select(o => o.Tile.Role == TileRole.State ? new Operand(o.Tile) : slotted.TryGetValue(o.Tile, out Tile? slot) ? o with { Tile = slot } : o));
            List<Assign> assigns = [];
            foreach (SlotOf slot in Slots)
            {
                int position = operands.FindIndex(o => o.Tile == slot.State);
                if (position < 0)
                {
                    position = operands.Count;
                    operands.Add(new Operand(slot.State));
                }

                assigns.Add(new Assign(slot.Slot, new Expr.Arg(position)));
            }

            return new TileOp.Scan(size, assigns.Concat(TileProgram.Assigns(Op)).ToArray(), operands.ToArray()) { Note = Op.Note };
        }

        private bool SameShape(Tile tile) => tile.Rows == Local.Rows && tile.Columns == Local.Columns;
    }
}
