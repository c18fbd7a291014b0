using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>The tiles of <see cref="KernelStatePlan"/>, and the one form of fold that all of its state parts share.</summary>
internal sealed class KernelStateTiles
{
    public KernelStateTiles(KernelSpec spec)
    {
        ChunkSize = spec.ChunkSize;
        Decays = spec.Decay != DecayKind.None;
        Extent tokens = Extent.Chunk(spec.ChunkSize);
        Extent d = Extent.Fixed(spec.HeadDim), m = d, e = Extent.Fixed(spec.ValueDim);

        Q = new Tile("q", TileRole.Input, tokens, d);
        K = new Tile("k", TileRole.Input, tokens, d);
        V = new Tile("v", TileRole.Input, tokens, e);
        O = new Tile("o", TileRole.Output, tokens, e);
        Mask = new Tile("mask", TileRole.Flags, tokens, Extent.One);
        Slope = new Tile("slope", TileRole.Parameter, Extent.One, Extent.One);

        S = new Tile("S", TileRole.State, m, e);
        SError = Decays ? null : new Tile("Serr", TileRole.State, m, e);
        Z = spec.Normalizer is null ? null : new Tile("z", TileRole.State, Extent.One, m);
        ZError = Z is null || Decays ? null : new Tile("zerr", TileRole.State, Extent.One, m);

        Kf = new Tile("kf", TileRole.Chunk, tokens, m);
        Vf = new Tile("vf", TileRole.Chunk, tokens, e);

        Qf = new Tile("qf", TileRole.Scratch, tokens, m);
        P = new Tile("p", TileRole.Scratch, tokens, tokens);
        Inverse = new Tile("inv", TileRole.Scratch, tokens, Extent.One);
        Decay = new Tile("decay", TileRole.Scratch, Extent.One, Extent.Fixed(2 * spec.ChunkSize));
        QueryDecay = new Tile("qdecay", TileRole.Scratch, Extent.Fixed(spec.ChunkSize), Extent.One);
        KeyDecay = new Tile("kdecay", TileRole.Scratch, Extent.Fixed(spec.ChunkSize), Extent.One);
        ChunkDecay = new Tile("a", TileRole.Scratch, Extent.One, Extent.One);
    }

    public int ChunkSize { get; }

    public bool Decays { get; }

    public Tile Q { get; }

    public Tile K { get; }

    public Tile V { get; }

    public Tile O { get; }

    public Tile Mask { get; }

    public Tile Slope { get; }

    public Tile S { get; }

    public Tile? SError { get; }

    public Tile? Z { get; }

    public Tile? ZError { get; }

    public Tile Kf { get; }

    public Tile Vf { get; }

    public Tile Qf { get; }

    public Tile P { get; }

    public Tile Inverse { get; }

    public Tile Decay { get; }

    public Tile QueryDecay { get; }

    public Tile KeyDecay { get; }

    public Tile ChunkDecay { get; }

    public EquatableArray<Operand> FoldOperands(Tile part, Tile? error)
    {
        Operand whole = new(part, part.IsVector ? Broadcast.Column : Broadcast.None);
        return Decays
            ? new[] { whole, new Operand(ChunkDecay, Broadcast.Scalar) }
            : new[] { whole, whole with { Tile = error! } };
    }

    /// <summary>
    /// With decay: part = a part + sum. Without: y = sum + err; part' = part + y; err' = y - (part' - part), the running compensation of
    /// Kahan: the error of a sum of n chunks does not grow with n.
    /// </summary>
    public EquatableArray<Assign> FoldAssigns(Tile part, Tile? error)
    {
        Expr sum = new Expr.Arg(0), old = new Expr.Arg(1), other = new Expr.Arg(2);
        if (Decays)
            return new[] { new Assign(part, new Expr.MultiplyAdd(other, old, sum)) };
        Expr y = sum + other, total = old + y;
        return new[] { new Assign(part, total), new Assign(error!, y - (total - old)) };
    }
}
