using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// Keys stabilised by a running maximum top_t = max(top_(t-1), max_m u_t), from 0 on: phi(k_s) = r (exp(u_s - h_s - top_s) + eps), and whenever the maximum rises the
/// whole state is scaled down, its eps included. That is a gate exp(top_(t-1) - top_t) a token, whose sums between two tokens are differences of their maxima. Maxima
/// have no gradient. A state is one of sums that lack the factor exp(top): it means nothing without its maximum.
/// </summary>
internal sealed class MaximumFading : Fading
{
    private readonly FeatureRows _keys;
    private readonly Tile _top;
    private readonly Tile _start;
    private readonly Tile _state;
    private readonly Tile _leftTop;
    private readonly Tile _leftStart;
    private readonly bool _isBackward;

    /// <param name="spec">The declaration.</param>
    /// <param name="rows">Role of what a chunk's later rows need of its earlier ones.</param>
    /// <param name="keys">Where the rows' own maxima are.</param>
    public MaximumFading(KernelSpec spec, TileRole rows, FeatureRows keys)
        : base(spec)
    {
        Extent tokens = Extent.Chunk(spec.ChunkSize);
        (_keys, _isBackward, _top) = (keys, rows == TileRole.Scratch, keys.Maxima);
        _start = new Tile("start", rows, tokens, Extent.One);
        _state = new Tile("top0", TileRole.State, Extent.One, Extent.One);
        _leftTop = new Tile("topt", TileRole.Tokens, tokens, Extent.One);
        _leftStart = new Tile("startt", TileRole.Tokens, tokens, Extent.One);
        PairDecay = new Tile("decay", TileRole.Scratch, tokens, tokens);
    }

    public override Tile PairDecay { get; }

    public override Broadcast PairBy => Broadcast.None;

    public override string PairText => "exp(top[s]-top[r])";

    public override EquatableArray<TileOp> OfCall => default;

    /// <summary>Left to right; a backward pass leaves the maxima for the keys, which it goes through from right to left.</summary>
    public override EquatableArray<TileOp> OfRows
    {
        get
        {
            TileOp maxima = new TileOp.Running(
                new[] { new Assign(_top, new Expr.Binary(BinaryOp.Max, new Expr.Arg(0), new Expr.Arg(2))), new Assign(_start, new Expr.Arg(3)) },
                new Expr[] { new Expr.Arg(3), new Expr.Arg(3) },
                new[] { new Operand(_keys.RowMaxima), new Operand(_state, Broadcast.Scalar) })
            {
                Note = "top[r] = max(top[r-1], ktop[r]), start[r] = top0",
            };
            return _isBackward ? new[] { maxima, Copy(_top, _leftTop, _start, _leftStart), OfPairs, OfQueries } : new[] { maxima, OfPairs, OfQueries };
        }
    }

    public override EquatableArray<TileOp> OfRowsAgain => new[] { Copy(_leftTop, _top, _leftStart, _start), OfPairs, OfQueries };

    public override TileOp OfKeys => Of(KeyDecay, new Operand(_top, Broadcast.Row), new Operand(_top, Broadcast.Last), "kdecay[s] = exp(top[s]-top[m-1])");

    public override TileOp OfChunk => Of(ChunkDecay, new Operand(_start, Broadcast.Last), new Operand(_top, Broadcast.Last), "a = exp(top0-top[m-1])");

    public override EquatableArray<TileOp> OfState =>
        new TileOp[] { new TileOp.Map(new[] { new Assign(_state, new Expr.Arg(0)) }, new[] { new Operand(_top, Broadcast.Last) }) { Note = "top0 = top[m-1]" } };

    private TileOp OfQueries => Of(QueryDecay, new Operand(_start, Broadcast.Row), new Operand(_top, Broadcast.Row), "qdecay[r] = exp(top0-top[r])");

    private TileOp OfPairs => Of(PairDecay, new Operand(_top, Broadcast.Column), new Operand(_top, Broadcast.Row), $"decay[r,s] = {PairText} for s <= r", Region.Lower);

    private static TileOp Copy(Tile top, Tile toTop, Tile start, Tile toStart) => new TileOp.Running(
        new[] { new Assign(toTop, new Expr.Arg(2)), new Assign(toStart, new Expr.Arg(3)) }, new Expr[] { 0.0, 0.0 }, new[] { new Operand(top), new Operand(start) })
    {
        Note = $"{toTop.Name} = {top.Name}, {toStart.Name} = {start.Name}",
    };

    private static TileOp Of(Tile target, Operand earlier, Operand later, string note, Region region = Region.Full) => new TileOp.Map(
        new[] { new Assign(target, Expr.Exp(new Expr.Binary(BinaryOp.Min, new Expr.Arg(0) - new Expr.Arg(1), 0.0))) }, new[] { earlier, later }, Region: region)
    {
        Note = note,
    };
}
