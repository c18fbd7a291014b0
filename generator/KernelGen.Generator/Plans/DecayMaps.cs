using KernelGen.Generator.Expressions;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// The factors of a decay lambda = exp(-slope) over a chunk of m tokens, in the decode convention (the last token undecayed). None is
/// above 1.
/// </summary>
internal static class DecayMaps
{
    /// <summary>lambda^(r-s) by distance, zero for the future.</summary>
    public static TileOp ByDistance(Tile decay, Tile slope, int chunkSize)
    {
        Expr behind = chunkSize - 1 - new Expr.Index(Axis.Column);
        Condition reaches = new Condition.Compare(CompareOp.GreaterOrEqual, behind, 0.0);
        return Of(decay, slope, new Expr.Select(reaches, Expr.Exp(-(new Expr.Arg(0) * behind)), 0.0), "decay[C-1-n] = exp(-slope n) for n >= 0, zero for the future");
    }

    /// <summary>lambda^(r+1): how the state of the chunk's start has faded when row r reads it.</summary>
    public static TileOp OfQueries(Tile queryDecay, Tile slope) =>
        Of(queryDecay, slope, Expr.Exp(-(new Expr.Arg(0) * (new Expr.Index(Axis.Row) + 1.0))), "qdecay[r] = exp(-slope (r+1))");

    /// <summary>lambda^(m-1-s): how token s has faded in the state of the chunk's end.</summary>
    public static TileOp OfKeys(Tile keyDecay, Tile slope) =>
        Of(keyDecay, slope, Expr.Exp(-(new Expr.Arg(0) * (new Expr.ChunkEnd() - 1.0 - new Expr.Index(Axis.Row)))), "kdecay[s] = exp(-slope (m-1-s))");

    /// <summary>lambda^m: how a state fades over the chunk.</summary>
    public static TileOp OfChunk(Tile chunkDecay, Tile slope) =>
        Of(chunkDecay, slope, Expr.Exp(-(new Expr.Arg(0) * new Expr.ChunkEnd())), "a = exp(-slope m)");

    private static TileOp.Map Of(Tile target, Tile slope, Expr value, string note) =>
        new(new[] { new Assign(target, value) }, new[] { new Operand(slope, Broadcast.Scalar) }) { Note = note };
}
