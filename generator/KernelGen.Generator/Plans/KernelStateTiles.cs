using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>The tiles of <see cref="KernelStatePlan"/>.</summary>
internal sealed class KernelStateTiles
{
    public KernelStateTiles(KernelSpec spec)
    {
        ChunkSize = spec.ChunkSize;
        Extent tokens = Extent.Chunk(spec.ChunkSize);
        Extent d = Extent.Fixed(spec.HeadDim), m = Extent.Fixed(spec.FeatureDim), e = Extent.Fixed(spec.ValueDim);

        Q = new Tile("q", TileRole.Input, tokens, d);
        K = new Tile("k", TileRole.Input, tokens, d);
        V = new Tile("v", TileRole.Input, tokens, e);
        O = new Tile("o", TileRole.Output, tokens, e);
        Mask = new Tile("mask", TileRole.Flags, tokens, Extent.One);
        Queries = new FeatureRows(spec, spec.QueryMap, Q, null);
        Keys = new FeatureRows(spec, spec.KeyMap, K, Mask, TileRole.Chunk);
        Fading = Fading.Of(spec, TileRole.Chunk, Keys);

        S = new Tile("S", TileRole.State, m, e);
        SError = Fading is not null ? null : new Tile("Serr", TileRole.State, m, e);
        Z = spec.Normalizer is null ? null : new Tile("z", TileRole.State, Extent.One, m);
        ZError = Z is null || Fading is not null ? null : new Tile("zerr", TileRole.State, Extent.One, m);

        Kf = new Tile("kf", TileRole.Chunk, tokens, m);
        Kr = Fading?.KeyGain is null ? Kf : new Tile("kr", TileRole.Scratch, tokens, m);
        Vf = new Tile("vf", TileRole.Chunk, tokens, e);

        Qf = new Tile("qf", TileRole.Scratch, tokens, m);
        P = new Tile("p", TileRole.Scratch, tokens, tokens);
        Inverse = new Tile("inv", TileRole.Scratch, tokens, Extent.One);
    }

    public int ChunkSize { get; }

    /// <summary>Null where nothing fades.</summary>
    public Fading? Fading { get; }

    public Tile Q { get; }

    public Tile K { get; }

    public Tile V { get; }

    public Tile O { get; }

    public Tile Mask { get; }

    public Tile S { get; }

    public Tile? SError { get; }

    public Tile? Z { get; }

    public Tile? ZError { get; }

    public FeatureRows Queries { get; }

    public FeatureRows Keys { get; }

    public Tile Kf { get; }

    /// <summary>Mapped keys before they are weighed by <see cref="Fading.KeyGain"/>; <see cref="Kf"/> where they are not.</summary>
    public Tile Kr { get; }

    public Tile Vf { get; }

    public Tile Qf { get; }

    public Tile P { get; }

    public Tile Inverse { get; init; }

    public StateFold FoldS => new(S, SError, Fading?.ChunkDecay);

    public StateFold? FoldZ => Z is null ? null : new(Z, ZError, Fading?.ChunkDecay);
}
