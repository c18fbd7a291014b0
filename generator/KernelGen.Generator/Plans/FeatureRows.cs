using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// The way of queries or keys from the caller's rows x to their features, and of gradients back. The map is of x itself, or of u where there is a projection (<see cref="ProjectedRows"/>),
/// h = c^2 |x|^2 / 2 and a stabiliser, which has no gradient:
/// <code>
/// phi = map(u, h, stabiliser)          du = dphi map'(u)          dh = -sum_m du, where phi is r (exp(u - h - stabiliser) + eps)
/// </code>
/// A map that is one expression of an element is the caller's to differentiate (<see cref="MapSlope"/>); a wide one is differentiated here.
/// </summary>
internal sealed class FeatureRows
{
    private readonly ProjectedRows? _projected;
    private readonly FeatureStage.Exponential? _exponential;
    private readonly FeatureStage.Branches? _branches;
    private readonly EquatableArray<FeatureStage> _stages;
    private readonly Tile _input;
    private readonly Tile? _mask;
    private readonly Tile _weight;
    private readonly Tile _gradientSum;
    private readonly WideMap? _wide;

    /// <param name="spec">The declaration.</param>
    /// <param name="stages">The side's map.</param>
    /// <param name="input">The caller's rows.</param>
    /// <param name="mask">Flags of rows that count; null where all do.</param>
    /// <param name="kept">Role of what a chunk's later rows need of its earlier ones.</param>
    public FeatureRows(KernelSpec spec, EquatableArray<FeatureStage> stages, Tile input, Tile? mask, TileRole kept = TileRole.Scratch)
    {
        _projected = stages.Any(stage => stage is FeatureStage.Projection) ? new ProjectedRows(spec, stages, input, mask) : null;
        _exponential = stages.OfType<FeatureStage.Exponential>().SingleOrDefault();
        _branches = stages.OfType<FeatureStage.Branches>().SingleOrDefault();
        (_stages, _input, _mask) = (stages, input, mask);
        string name = input.Name;
        Extent tokens = Extent.Chunk(spec.ChunkSize);
        _gradientSum = new Tile("d" + name + "sum", TileRole.Scratch, tokens, Extent.One);
        _weight = new Tile(name + "grow", TileRole.Scratch, tokens, Extent.One);
        RowMaxima = _branches is null ? new Tile(name + "top", TileRole.Scratch, tokens, Extent.One) : _projected!.Half;
        Maxima = new Tile("top", kept, tokens, Extent.One);
        GreatestOfAll = new Tile("greatest", TileRole.State, Extent.One, Extent.One);
        _wide = (stages.Count == 0 ? null : stages[stages.Count - 1]) switch
        {
            FeatureStage.Branches branches => new FeatureBranches(branches, name, Mapped, branches.Row switch { RowNumber.Half => _projected!.Half, RowNumber.Growth => _weight, _ => null }, mask),
            FeatureStage.Softmax softmax => new SoftmaxFeatures(softmax, name, Mapped, mask),
            _ => null,
        };
    }

    /// <summary>Whether the last stage is more than an expression of one element: the gradient of mapped rows is then needed by itself.</summary>
    public bool IsWide => _wide is not null;

    /// <summary>Where the gradient of u goes; null where the map is of x itself, and its gradient the caller's.</summary>
    public Tile? ProjectedGradient => _projected?.Gradient;

    /// <summary>The gradient of a projection that is learned, over all tokens so far; null where there is none.</summary>
    public Tile? MatrixGradient => _projected?.MatrixGradient;

    /// <summary>What the map's expression reads, in order.</summary>
    public EquatableArray<Operand> MapOperands => _exponential is null
        ? new[] { new Operand(Mapped) }
        : new[] { new Operand(Mapped), new Operand(_projected!.Half, Broadcast.Row) }.Concat(StabilizerOperands).ToArray();

    /// <summary>What of each row a running maximum is taken of, where exponents are stabilised: the greatest u, or h.</summary>
    public Tile RowMaxima { get; }

    /// <summary>The greatest of the rows so far, where keys are stabilised by it.</summary>
    public Tile Maxima { get; }

    /// <summary>The greatest of all rows, where keys are stabilised by it.</summary>
    public Tile GreatestOfAll { get; }

    /// <summary>What is mapped.</summary>
    private Tile Mapped => _projected?.Projected ?? _input;

    private bool ReadsHalf => _exponential is not null || _branches is { Row: not RowNumber.None };

    private Stabilizer Stabilizer => _exponential?.Stabilizer ?? _branches?.Stabilizer ?? Stabilizer.None;

    private Operand[] StabilizerOperands => Stabilizer switch
    {
        Stabilizer.None => [],
        Stabilizer.Row => [new Operand(RowMaxima, Broadcast.Row)],
        Stabilizer.Running => [new Operand(Maxima, Broadcast.Row)],
        _ => [new Operand(GreatestOfAll, Broadcast.Scalar)],
    };

    /// <summary>A loop over the keys that finds <see cref="GreatestOfAll"/>; nothing where nothing needs it.</summary>
    /// <param name="grid">Of the phase.</param>
    /// <param name="chunkSize">Tokens of a chunk.</param>
    public IEnumerable<TileOp> FindGreatest(ChunkGrid grid, int chunkSize)
    {
        if (Stabilizer != Stabilizer.Sequence)
            yield break;
        TileOp[] body =
        [
            .. _projected!.Prepare(),
            _exponential is null ? _projected.OfHalf() : OfRowMaxima(),
            new TileOp.Running(
                new[] { new Assign(Maxima, new Expr.Binary(BinaryOp.Max, new Expr.Arg(0), new Expr.Arg(1))) },
                new Expr[] { new Expr.Arg(2) },
                new[] { new Operand(RowMaxima), new Operand(GreatestOfAll, Broadcast.Scalar) })
            {
                Note = $"{Maxima.Name}[r] = max({Maxima.Name}[r-1], {RowMaxima.Name}[r])",
            },
            new TileOp.Map(new[] { new Assign(GreatestOfAll, new Expr.Arg(0)) }, new[] { new Operand(Maxima, Broadcast.Last) }) { Note = $"{GreatestOfAll.Name} = {Maxima.Name}[m-1]" },
        ];
        yield return new TileOp.ForChunks(chunkSize, body, default, grid) { Note = "chunks of keys: the greatest exponent of all" };
    }

    /// <summary>Fills the map's operands for the new rows of a chunk; nothing where they are the caller's rows.</summary>
    public IEnumerable<TileOp> Prepare()
    {
        if (_projected is null)
            yield break;
        foreach (TileOp op in _projected.Prepare())
            yield return op;
        if (!ReadsHalf)
            yield break;
        yield return _projected.OfHalf();
        if (_exponential?.Stabilizer is Stabilizer.Row or Stabilizer.Running)
            yield return OfRowMaxima();
    }

    /// <summary>The mapped rows.</summary>
    /// <param name="target">Where they go.</param>
    /// <param name="scale">A factor on them.</param>
    /// <param name="note">The map, for notes.</param>
    public IEnumerable<TileOp> Map(Tile target, double scale, string note)
    {
        if (_wide is null)
        {
            yield return new TileOp.Map(new[] { new Assign(target, FeatureMaps.Scaled(_stages, scale)) }, MapOperands, _mask)
            {
                Note = $"{target.Name} = {note}{(_mask is null ? "" : ", zero where masked")}",
            };
            yield break;
        }

        if (_branches is { Row: RowNumber.Growth })
        {
            Tile half = _projected!.Half;
            Expr exponent = Stabilizer == Stabilizer.None ? new Expr.Arg(0) : new Expr.Binary(BinaryOp.Min, new Expr.Arg(0) - new Expr.Arg(1), 0.0);
            yield return new TileOp.Map(new[] { new Assign(_weight, Expr.Exp(exponent)) }, new[] { new Operand(half, Broadcast.Row) }.Concat(StabilizerOperands).ToArray())
            {
                Note = $"{_weight.Name}[r] = exp({half.Name}[r]{string.Concat(StabilizerOperands.Select(o => $" - {o.Tile.Name}{(o.By == Broadcast.Row ? "[r]" : "")}"))})",
            };
        }

        foreach (TileOp op in _wide.Map(target, scale, note))
            yield return op;
    }

    /// <summary>From the gradient of mapped rows, where the map is wide, and else from <see cref="ProjectedGradient"/>, to the caller's; nothing where they are the same.</summary>
    /// <param name="gradient">The caller's gradient.</param>
    /// <param name="mapped">The gradient of the mapped rows.</param>
    /// <param name="scale">The factor on these.</param>
    public IEnumerable<TileOp> Finish(Tile gradient, Tile? mapped, double scale)
    {
        foreach (TileOp op in _wide?.Gradient(mapped!, ProjectedGradient ?? gradient, scale) ?? [])
            yield return op;
        if (_projected is null)
            yield break;
        if (_exponential is not null)
        {
            yield return new TileOp.Reduce(
                Axis.Column, new[] { new ReduceTerm(new Expr.Arg(0), new[] { new Operand(_projected.Gradient) }) }, default, new[] { new Assign(_gradientSum, new Expr.Arg(0)) })
            {
                Note = $"{_gradientSum.Name}[r] = sum_m {_projected.Gradient.Name}[r,m] = -d{_projected.Half.Name}[r]",
            };
        }

        foreach (TileOp op in _projected.Finish(gradient, _exponential is not null ? _gradientSum : _wide?.HalfGradient, isNegated: _exponential is not null))
            yield return op;
    }

    /// <summary>The gradient of a learned projection, once a chunk's rows are differentiated; nothing where there is none.</summary>
    public IEnumerable<TileOp> Fold() => _projected?.Fold() ?? [];

    private TileOp OfRowMaxima() => new TileOp.Reduce(
        Axis.Column, new[] { new ReduceTerm(new Expr.Arg(0), new[] { new Operand(_projected!.Projected) }) }, default, new[] { new Assign(RowMaxima, new Expr.Arg(0)) }, Maximum: true)
    {
        Note = $"{RowMaxima.Name}[r] = max_m {_projected!.Projected.Name}[r,m]",
    };
}
