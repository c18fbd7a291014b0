using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>A decay lambda = exp(-slope) a token: factors depend on distances alone.</summary>
internal sealed class SlopeFading(KernelSpec spec) : Fading(spec)
{
    private readonly int _chunkSize = spec.ChunkSize;
    private readonly Tile _slope = new("slope", TileRole.Parameter, Extent.One, Extent.One);

    public override Tile PairDecay { get; } = new("decay", TileRole.Scratch, Extent.One, Extent.Fixed(2 * spec.ChunkSize));

    public override Broadcast PairBy => Broadcast.Diagonal;

    public override string PairText => "exp(-slope (r-s))";

    public override EquatableArray<TileOp> OfCall => new TileOp[] { ByDistance, OfQueries };

    public override EquatableArray<TileOp> OfRows => default;

    /// <summary>lambda^(m-1-s).</summary>
    public override TileOp OfKeys =>
        Of(KeyDecay, Expr.Exp(-(new Expr.Arg(0) * (new Expr.ChunkEnd() - 1.0 - new Expr.Index(Axis.Row)))), "kdecay[s] = exp(-slope (m-1-s))");

    /// <summary>lambda^m.</summary>
    public override TileOp OfChunk => Of(ChunkDecay, Expr.Exp(-(new Expr.Arg(0) * new Expr.ChunkEnd())), "a = exp(-slope m)");

    /// <summary>lambda^(r-s) by distance, zero for the future.</summary>
    private TileOp ByDistance
    {
        get
        {
            Expr behind = _chunkSize - 1 - new Expr.Index(Axis.Column);
            Condition reaches = new Condition.Compare(CompareOp.GreaterOrEqual, behind, 0.0);
            return Of(PairDecay, new Expr.Select(reaches, Expr.Exp(-(new Expr.Arg(0) * behind)), 0.0), "decay[C-1-n] = exp(-slope n) for n >= 0, zero for the future");
        }
    }

    /// <summary>lambda^(r+1).</summary>
    private TileOp OfQueries => Of(QueryDecay, Expr.Exp(-(new Expr.Arg(0) * (new Expr.Index(Axis.Row) + 1.0))), "qdecay[r] = exp(-slope (r+1))");

    private TileOp Of(Tile target, Expr value, string note) =>
        new TileOp.Map(new[] { new Assign(target, value) }, new[] { new Operand(_slope, Broadcast.Scalar) }) { Note = note };
}
