using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// The tiles of <see cref="SeparateBackward"/>. A phase has either the features or the values of a declaration in slices, so M and E here are what the phase's own
/// declaration says; what phases leave for one another has one column.
/// </summary>
internal sealed class SeparateTiles
{
    public SeparateTiles(KernelSpec spec)
    {
        Fading = spec.Decay == DecayKind.None ? null : new SlopeFading(spec);
        Extent tokens = Extent.Chunk(spec.ChunkSize), chunk = Extent.Fixed(spec.ChunkSize);
        Extent m = Extent.Fixed(spec.HeadDim), e = Extent.Fixed(spec.ValueDim);

        Q = new Tile("q", TileRole.Input, tokens, m);
        K = new Tile("k", TileRole.Input, tokens, m);
        V = new Tile("v", TileRole.Input, tokens, e);
        DO = new Tile("dO", TileRole.Input, tokens, e);
        Dq = new Tile("dq", TileRole.Output, tokens, m);
        Dk = new Tile("dk", TileRole.Output, tokens, m);
        Dv = new Tile("dv", TileRole.Output, tokens, e);
        Mask = new Tile("mask", TileRole.Flags, tokens, Extent.One);

        S = State("S", m, e);
        St = State("St", e, m);
        DS = State("dS", m, e);
        DSt = State("dSt", e, m);
        if (spec.Normalizer is not null)
        {
            Z = State("z", Extent.One, m);
            DZ = State("dz", Extent.One, m);
            Inverse = new Tile("inv", TileRole.Tokens, tokens, Extent.One);
            Dn = new Tile("dn", TileRole.Tokens, tokens, Extent.One);
        }

        if (spec.Decay == DecayKind.PerHead)
        {
            QueryFlow = new Tile("qflow", TileRole.Tokens, tokens, Extent.One);
            KeyFlow = new Tile("kflow", TileRole.Tokens, tokens, Extent.One);
            Flows = new Tile("y", TileRole.Scratch, tokens, m);
        }

        Qf = new Tile("qf", TileRole.Scratch, tokens, m);
        Kf = new Tile("kf", TileRole.Scratch, tokens, m);
        Vf = new Tile("vf", TileRole.Scratch, tokens, e);
        DNum = new Tile("dnum", TileRole.Scratch, tokens, e);
        P = new Tile("p", TileRole.Scratch, tokens, tokens);
        DP = new Tile("dp", TileRole.Scratch, tokens, tokens);
        Agreement = new Tile("x", TileRole.Scratch, tokens, e);
        Decay = new Tile("decay", TileRole.Scratch, Extent.One, Extent.Fixed(2 * spec.ChunkSize));
        QueryDecay = new Tile("qdecay", TileRole.Scratch, chunk, Extent.One);
        KeyDecay = new Tile("kdecay", TileRole.Scratch, chunk, Extent.One);
        ChunkDecay = new Tile("a", TileRole.Scratch, Extent.One, Extent.One);
    }

    /// <summary>How the past fades; null where it does not.</summary>
    public Fading? Fading { get; }

    public bool Decays => Fading is not null;

    public Tile Q { get; }

    public Tile K { get; }

    public Tile V { get; }

    public Tile DO { get; }

    public Tile Dq { get; }

    public Tile Dk { get; }

    public Tile Dv { get; }

    public Tile Mask { get; }

    /// <summary>S, [M, E].</summary>
    public StateFold S { get; }

    /// <summary>S transposed, [E, M].</summary>
    public StateFold St { get; }

    public StateFold? Z { get; }

    /// <summary>dS, [M, E].</summary>
    public StateFold DS { get; }

    /// <summary>dS transposed, [E, M].</summary>
    public StateFold DSt { get; }

    public StateFold? DZ { get; }

    /// <summary>One over a row's denominator.</summary>
    public Tile? Inverse { get; }

    /// <summary>The gradient of a row's denominator: a sum over values.</summary>
    public Tile? Dn { get; }

    /// <summary>phi(q).dphi(q): a sum over features.</summary>
    public Tile? QueryFlow { get; }

    /// <summary>phi(k).dphi(k): likewise.</summary>
    public Tile? KeyFlow { get; }

    /// <summary>The terms of a flow.</summary>
    public Tile? Flows { get; }

    public Tile Qf { get; }

    public Tile Kf { get; }

    public Tile Vf { get; }

    /// <summary>The gradient of a row's numerator.</summary>
    public Tile DNum { get; }

    public Tile P { get; }

    public Tile DP { get; }

    /// <summary>A row's numerator times dO, element by element.</summary>
    public Tile Agreement { get; }

    public Tile Decay { get; }

    public Tile QueryDecay { get; }

    public Tile KeyDecay { get; }

    public Tile ChunkDecay { get; }

    private StateFold State(string name, Extent rows, Extent columns) => new(
        new Tile(name, TileRole.State, rows, columns),
        Decays ? null : new Tile(name + "err", TileRole.State, rows, columns),
        new Tile("a", TileRole.Scratch, Extent.One, Extent.One));
}
