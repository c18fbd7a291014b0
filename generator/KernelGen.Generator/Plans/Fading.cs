using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// How the past fades over a chunk of m tokens, in the decode convention (the last token undecayed): the factors as tiles, and the ops that fill them. None is
/// above 1.
/// </summary>
internal abstract class Fading
{
    private protected Fading(KernelSpec spec)
    {
        QueryDecay = new Tile("qdecay", TileRole.Scratch, Extent.Fixed(spec.ChunkSize), Extent.One);
        KeyDecay = new Tile("kdecay", TileRole.Scratch, Extent.Fixed(spec.ChunkSize), Extent.One);
        ChunkDecay = new Tile("a", TileRole.Scratch, Extent.One, Extent.One);
    }

    /// <summary>How token s has faded when row r of its chunk reads it; an element of scores reads it by <see cref="PairBy"/>.</summary>
    public abstract Tile PairDecay { get; }

    public abstract Broadcast PairBy { get; }

    /// <summary>The pair's factor as notes have it.</summary>
    public abstract string PairText { get; }

    /// <summary>How the state of the chunk's start has faded when row r reads it.</summary>
    public Tile QueryDecay { get; }

    /// <summary>How token s has faded in the state of the chunk's end.</summary>
    public Tile KeyDecay { get; }

    /// <summary>How a state fades over the chunk.</summary>
    public Tile ChunkDecay { get; }

    /// <summary>What mapped keys are multiplied by, row by row; null where it is 1.</summary>
    public virtual Tile? KeyGain => null;

    /// <summary>What is computed once a call.</summary>
    public abstract EquatableArray<TileOp> OfCall { get; }

    /// <summary>What is computed for the new rows of a chunk, once keys are projected.</summary>
    public abstract EquatableArray<TileOp> OfRows { get; }

    /// <summary>Fills <see cref="KeyDecay"/>, once the chunk's rows are known.</summary>
    public abstract TileOp OfKeys { get; }

    /// <summary>Fills <see cref="ChunkDecay"/>, likewise.</summary>
    public abstract TileOp OfChunk { get; }

    /// <summary>As <see cref="OfRows"/>, in a phase that goes through the same chunks in opposite order.</summary>
    public virtual EquatableArray<TileOp> OfRowsAgain => OfRows;

    /// <summary>What is carried from chunk to chunk beside the sums, once those are folded.</summary>
    public virtual EquatableArray<TileOp> OfState => default;

    /// <summary>Null where nothing fades.</summary>
    /// <param name="spec">The declaration.</param>
    /// <param name="rows">Role of what a chunk's later rows need of its earlier ones.</param>
    /// <param name="keys">The way of keys to what their map is computed from.</param>
    public static Fading? Of(KernelSpec spec, TileRole rows, FeatureRows keys) => spec.Decay switch
    {
        DecayKind.None => spec.KeyStabilizer == Stabilizer.Running ? new MaximumFading(spec, rows, keys) : null,
        DecayKind.PerToken or DecayKind.Convex => new GateFading(spec, rows),
        _ => new SlopeFading(spec),
    };
}
