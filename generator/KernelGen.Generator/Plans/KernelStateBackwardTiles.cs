using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>The tiles of <see cref="KernelStateBackward"/>. What one phase leaves for the next is kept by token only where chunks come in both orders.</summary>
internal sealed class KernelStateBackwardTiles
{
    public KernelStateBackwardTiles(KernelSpec spec)
    {
        ChunkSize = spec.ChunkSize;
        bool normalized = spec.Normalizer is not null;
        Extent tokens = Extent.Chunk(spec.ChunkSize);
        Extent d = Extent.Fixed(spec.HeadDim), m = Extent.Fixed(spec.FeatureDim), e = Extent.Fixed(spec.ValueDim);

        Q = new Tile("q", TileRole.Input, tokens, d);
        K = new Tile("k", TileRole.Input, tokens, d);
        V = new Tile("v", TileRole.Input, tokens, e);
        DO = new Tile("dO", TileRole.Input, tokens, e);
        Dq = new Tile("dq", TileRole.Output, tokens, d);
        Dk = new Tile("dk", TileRole.Output, tokens, d);
        Dv = new Tile("dv", TileRole.Output, tokens, e);
        Mask = new Tile("mask", TileRole.Flags, tokens, Extent.One);
        Queries = new FeatureRows(spec, spec.QueryMap, Q, null);
        Keys = new FeatureRows(spec, spec.KeyMap, K, Mask, TileRole.Scratch);
        Fading = Fading.Of(spec, TileRole.Scratch, Keys);

        St = new Tile("St", TileRole.State, e, m);
        StError = Fading is not null ? null : new Tile("Sterr", TileRole.State, e, m);
        DS = new Tile("dS", TileRole.State, m, e);
        DSError = Fading is not null ? null : new Tile("dSerr", TileRole.State, m, e);
        TileRole kept = spec.Causal ? TileRole.Tokens : TileRole.Scratch;
        if (normalized)
        {
            Z = new Tile("z", TileRole.State, Extent.One, m);
            ZError = Fading is not null ? null : new Tile("zerr", TileRole.State, Extent.One, m);
            DZ = new Tile("dz", TileRole.State, Extent.One, m);
            DZError = Fading is not null ? null : new Tile("dzerr", TileRole.State, Extent.One, m);
            Inverse = new Tile("inv", TileRole.Scratch, tokens, Extent.One);
            Dn = new Tile("dn", kept, tokens, Extent.One);
            DenominatorSlope = spec.Normalizer!.Rule is EpsilonRule.Floor or EpsilonRule.AbsoluteFloor ? new Tile("nslope", TileRole.Scratch, tokens, Extent.One) : null;
        }

        Qf = new Tile("qf", kept, tokens, m);
        Kf = new Tile("kf", TileRole.Scratch, tokens, m);
        Kr = Fading?.KeyGain is null ? Kf : new Tile("kr", TileRole.Scratch, tokens, m);
        DecayedQf = new Tile("qd", TileRole.Scratch, tokens, m);
        Vf = new Tile("vf", TileRole.Scratch, tokens, e);
        DecayedV = new Tile("vd", TileRole.Scratch, tokens, e);
        DNum = new Tile("dnum", kept, tokens, e);
        QuerySlope = Queries.IsWide ? null : new MapSlope(spec.QueryMap, spec.Scale, new Tile("qs", TileRole.Scratch, tokens, m));
        KeySlope = Keys.IsWide ? null : new MapSlope(spec.KeyMap, 1.0, new Tile("ks", TileRole.Scratch, tokens, m));
        P = new Tile("p", normalized ? kept : TileRole.Scratch, tokens, tokens);
        G = new Tile("g", TileRole.Scratch, tokens, tokens);
        DP = new Tile("dp", kept, tokens, tokens);
        W = new Tile("w", TileRole.Scratch, tokens, m);
        H = new Tile("h", TileRole.Scratch, m, tokens);
        bool flows = spec.Decay == DecayKind.PerHead || spec.IsGated;
        DQf = flows || Queries.IsWide ? new Tile("dqf", TileRole.Scratch, tokens, m) : null;
        DKf = flows || Keys.IsWide ? new Tile("dkf", TileRole.Scratch, tokens, m) : null;
        if (!flows)
            return;
        QueryFlow = new Tile("qflow", TileRole.Tokens, tokens, Extent.One);
        KeyFlow = new Tile("kflow", TileRole.Tokens, tokens, Extent.One);
    }

    public int ChunkSize { get; }

    /// <summary>Null where nothing fades.</summary>
    public Fading? Fading { get; }

    public Tile Q { get; }

    public Tile K { get; }

    public Tile V { get; }

    public Tile DO { get; }

    public Tile Dq { get; }

    public Tile Dk { get; }

    public Tile Dv { get; }

    public Tile Mask { get; }

    /// <summary>S transposed, so that dO S^T is an ordinary product.</summary>
    public Tile St { get; }

    public Tile? StError { get; }

    public Tile? Z { get; }

    public Tile? ZError { get; }

    public Tile DS { get; }

    public Tile? DSError { get; }

    public Tile? DZ { get; }

    public Tile? DZError { get; }

    public Tile? Inverse { get; }

    /// <summary>The gradient of the sum of a row's weights.</summary>
    public Tile? Dn { get; }

    /// <summary>The derivative of a row's denominator by that sum; null where it is 1.</summary>
    public Tile? DenominatorSlope { get; }

    public FeatureRows Queries { get; }

    public FeatureRows Keys { get; }

    public Tile Qf { get; }

    /// <summary>Mapped queries times the decay that lies before them in their chunk.</summary>
    public Tile DecayedQf { get; }

    public Tile Kf { get; }

    /// <summary>Mapped keys before they are weighed by <see cref="Fading.KeyGain"/>; <see cref="Kf"/> where they are not.</summary>
    public Tile Kr { get; }

    public Tile Vf { get; }

    /// <summary>Values as they have faded at the chunk's end.</summary>
    public Tile DecayedV { get; }

    /// <summary>The gradient of a row's numerator.</summary>
    public Tile DNum { get; }

    /// <summary>Null where the map is wide: <see cref="FeatureRows.Finish"/> differentiates it.</summary>
    public MapSlope? QuerySlope { get; }

    public MapSlope? KeySlope { get; }

    public Tile P { get; }

    public Tile G { get; }

    public Tile DP { get; }

    /// <summary>dnum S^T.</summary>
    public Tile W { get; }

    /// <summary>dS v^T: what dS gives the keys, transposed.</summary>
    public Tile H { get; }

    /// <summary>The gradient of mapped queries, where it is needed by itself.</summary>
    public Tile? DQf { get; }

    public Tile? DKf { get; }

    public Tile? QueryFlow { get; }

    public Tile? KeyFlow { get; }

    public StateFold FoldSt => new(St, StError, Fading?.ChunkDecay);

    public StateFold? FoldZ => Z is null ? null : new(Z, ZError, Fading?.ChunkDecay);

    public StateFold FoldDS => new(DS, DSError, Fading?.ChunkDecay);

    public StateFold? FoldDZ => DZ is null ? null : new(DZ, DZError, Fading?.ChunkDecay);
}
