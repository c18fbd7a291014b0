using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// A log gate g_t &lt;= 0 a token: S_t = exp(g_t) S_(t-1) + k_t v_t^T. With the running sums G_r = g_0 + ... + g_r of the chunk's tokens, factors are exp(G_r - G_s):
/// a sum of gates between two tokens, never a positive number. Sums are carried in two parts, each the error of the other's additions, so that a difference of two large
/// sums (after a token that forgets everything) is as good as the sum of the few gates between. Convex gates give S_t = exp(g_t) S_(t-1) + (1 - exp(g_t)) k_t v_t^T.
/// </summary>
internal sealed class GateFading(KernelSpec spec, TileRole rows) : Fading(spec)
{
    /// <summary>Gates below give exp(g) = 0 in float32 (and 7e-46 in float64), and sums of them that keep what comes after.</summary>
    private const double LeastGate = -104;

    private readonly Tile _gate = new("gate", TileRole.Numbers, Extent.Chunk(spec.ChunkSize), Extent.One);
    private readonly Tile _sum = new("gsum", rows, Extent.Chunk(spec.ChunkSize), Extent.One);
    private readonly Tile _error = new("gerr", rows, Extent.Chunk(spec.ChunkSize), Extent.One);

    public override Tile PairDecay { get; } = new("decay", TileRole.Scratch, Extent.Chunk(spec.ChunkSize), Extent.Chunk(spec.ChunkSize));

    public override Broadcast PairBy => Broadcast.None;

    public override string PairText => "exp(G[r]-G[s])";

    public override EquatableArray<TileOp> OfCall => default;

    public override Tile? KeyGain { get; } = spec.Decay == DecayKind.Convex ? new Tile("gain", TileRole.Scratch, Extent.Chunk(spec.ChunkSize), Extent.One) : null;

    public override EquatableArray<TileOp> OfRows => KeyGain is null ? new TileOp[] { Sums, OfPairs, OfQueries } : new TileOp[] { Sums, Gains(KeyGain), OfPairs, OfQueries };

    /// <summary>exp(G_(m-1) - G_s).</summary>
    public override TileOp OfKeys => Of(KeyDecay, Between(Broadcast.Last, Broadcast.Row), "kdecay[s] = exp(G[m-1]-G[s])");

    /// <summary>exp(G_(m-1)).</summary>
    public override TileOp OfChunk => Of(ChunkDecay, [new Operand(_sum, Broadcast.Last), new Operand(_error, Broadcast.Last)], new Expr.Arg(0) + new Expr.Arg(1), "a = exp(G[m-1])");

    /// <summary>G = G + g, and what the addition lost: of s = a + g with b = s - a, the error is (a - (s - b)) + (g - b).</summary>
    private TileOp Sums
    {
        get
        {
            Expr before = new Expr.Arg(0), error = new Expr.Arg(1), gate = new Expr.Binary(BinaryOp.Max, new Expr.Arg(2), LeastGate);
            Expr sum = before + gate, added = sum - before;
            return new TileOp.Running(
                new[] { new Assign(_sum, sum), new Assign(_error, error + ((before - (sum - added)) + (gate - added))) },
                new Expr[] { 0.0, 0.0 },
                new[] { new Operand(_gate) })
            {
                Note = "G[r] = gsum[r] + gerr[r] = G[r-1] + max(gate[r], -104)",
            };
        }
    }

    /// <summary>1 - exp(g) = -2 t / (1 - t) with t = tanh(g / 2): as good for gates near 0, where the difference would be all rounding.</summary>
    private TileOp Gains(Tile gain)
    {
        Expr half = new Expr.Unary(UnaryOp.Tanh, new Expr.Binary(BinaryOp.Max, new Expr.Arg(1), LeastGate) * 0.5);
        return new TileOp.Running(new[] { new Assign(gain, half * -2.0 / (1.0 - half)) }, new Expr[] { 0.0 }, new[] { new Operand(_gate) }) { Note = "gain[r] = 1 - exp(max(gate[r], -104))" };
    }

    /// <summary>exp(G_r).</summary>
    private TileOp OfQueries => Of(QueryDecay, [new Operand(_sum, Broadcast.Row), new Operand(_error, Broadcast.Row)], new Expr.Arg(0) + new Expr.Arg(1), "qdecay[r] = exp(G[r])");

    /// <summary>exp(G_r - G_s) for s &lt;= r.</summary>
    private TileOp OfPairs => Of(PairDecay, Between(Broadcast.Row, Broadcast.Column), $"decay[r,s] = {PairText} for s <= r", Region.Lower);

    private Operand[] Between(Broadcast later, Broadcast earlier) =>
        [new Operand(_sum, later), new Operand(_sum, earlier), new Operand(_error, later), new Operand(_error, earlier)];

    private static TileOp Of(Tile target, Operand[] operands, string note, Region region = Region.Full) =>
        Of(target, operands, (new Expr.Arg(0) - new Expr.Arg(1)) + (new Expr.Arg(2) - new Expr.Arg(3)), note, region);

    /// <summary>exp of a sum of gates, which rounding may not make positive.</summary>
    private static TileOp Of(Tile target, Operand[] operands, Expr sum, string note, Region region = Region.Full) =>
        new TileOp.Map(new[] { new Assign(target, Expr.Exp(new Expr.Binary(BinaryOp.Min, sum, 0.0))) }, operands, Region: region) { Note = note };
}
