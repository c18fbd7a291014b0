using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// The way of queries or keys from the caller's rows x to what their map is computed from, and of gradients back. Without a projection that is x itself. With one, over
/// the rows of a chunk:
/// <code>
/// u = c x P^T     h = c^2 |x|^2 / 2     phi = map(u, h, a stabiliser)          du = dphi map'(u)     dx = c du P + c^2 x dh   (the last term where h is read)
/// </code>
/// </summary>
internal sealed class FeatureRows
{
    private static readonly Expr Sum = new Expr.Arg(0);

    private readonly FeatureStage.Projection? _projection;
    private readonly FeatureStage.Exponential? _exponential;
    private readonly FeatureStage.Branches? _branches;
    private readonly EquatableArray<FeatureStage> _stages;
    private readonly string _name;
    private readonly Tile _input;
    private readonly Tile? _mask;
    private readonly Tile _rows;
    private readonly Tile _projected;
    private readonly Tile _half;
    private readonly Tile _gradientSum;
    private readonly Tile _weight;
    private readonly WideMap? _wide;

    /// <param name="spec">The declaration.</param>
    /// <param name="stages">The side's map.</param>
    /// <param name="input">The caller's rows.</param>
    /// <param name="mask">Flags of rows that count; null where all do.</param>
    /// <param name="kept">Role of what a chunk's later rows need of its earlier ones.</param>
    public FeatureRows(KernelSpec spec, EquatableArray<FeatureStage> stages, Tile input, Tile? mask, TileRole kept = TileRole.Scratch)
    {
        _projection = stages.OfType<FeatureStage.Projection>().SingleOrDefault();
        _exponential = stages.OfType<FeatureStage.Exponential>().SingleOrDefault();
        _branches = stages.OfType<FeatureStage.Branches>().SingleOrDefault();
        (_stages, _name, _input, _mask) = (stages, input.Name, input, mask);
        Extent tokens = Extent.Chunk(spec.ChunkSize), m = Extent.Fixed(spec.ProjectedDim);
        _rows = new Tile(_name + "x", TileRole.Scratch, tokens, input.Columns);
        _projected = new Tile(_name + "u", TileRole.Scratch, tokens, m);
        _half = new Tile(_name + "half", TileRole.Scratch, tokens, Extent.One);
        _gradientSum = new Tile("d" + _name + "sum", TileRole.Scratch, tokens, Extent.One);
        RowMaxima = _branches is null ? new Tile(_name + "top", TileRole.Scratch, tokens, Extent.One) : _half;
        Maxima = new Tile("top", kept, tokens, Extent.One);
        GreatestOfAll = new Tile("greatest", TileRole.State, Extent.One, Extent.One);
        Matrix = new Tile("proj", TileRole.Matrix, m, input.Columns);
        ProjectedGradient = _projection is null ? null : new Tile($"d{_name}u", TileRole.Scratch, tokens, m);
        _weight = new Tile(_name + "grow", TileRole.Scratch, tokens, Extent.One);
        if (_branches is not null)
            _wide = new FeatureBranches(_branches, _name, _projection is null ? input : _projected, _branches.Row switch { RowNumber.Half => _half, RowNumber.Growth => _weight, _ => null }, mask);
    }

    /// <summary>Whether the last stage is more than an expression of one element: the gradient of mapped rows is then needed by itself.</summary>
    public bool IsWide => _wide is not null;

    /// <summary>P, [M, D].</summary>
    public Tile Matrix { get; }

    /// <summary>Where the gradient of u goes; null where the map is of x itself, and its gradient the caller's.</summary>
    public Tile? ProjectedGradient { get; }

    /// <summary>What the map's expression reads, in order.</summary>
    public EquatableArray<Operand> MapOperands => _projection is null
        ? new[] { new Operand(_input) }
        : _exponential is null ? new[] { new Operand(_projected) } : new[] { new Operand(_projected), new Operand(_half, Broadcast.Row) }.Concat(StabilizerOperands).ToArray();

    /// <summary>What of each row a running maximum is taken of, where exponents are stabilised: the greatest u, or h.</summary>
    public Tile RowMaxima { get; }

    /// <summary>The greatest u of the rows so far, where keys are stabilised by it.</summary>
    public Tile Maxima { get; }

    /// <summary>The greatest u of all rows, where keys are stabilised by it.</summary>
    public Tile GreatestOfAll { get; }

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
            .. Rows(),
            _exponential is null ? OfHalf() : OfRowMaxima(),
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
        if (_projection is null)
            yield break;
        foreach (TileOp op in Rows())
            yield return op;
        if (!ReadsHalf)
            yield break;
        yield return OfHalf();
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
            yield return new TileOp.Map(new[] { new Assign(target, FeatureMaps.Scaled(_stages, scale)) }, MapOperands, _mask) { Note = $"{target.Name} = {note}{Masked}" };
            yield break;
        }

        if (_branches!.Row == RowNumber.Growth)
        {
            Expr exponent = Stabilizer == Stabilizer.None ? new Expr.Arg(0) : new Expr.Binary(BinaryOp.Min, new Expr.Arg(0) - new Expr.Arg(1), 0.0);
            yield return new TileOp.Map(new[] { new Assign(_weight, Expr.Exp(exponent)) }, new[] { new Operand(_half, Broadcast.Row) }.Concat(StabilizerOperands).ToArray())
            {
                Note = $"{_weight.Name}[r] = exp({_half.Name}[r]{string.Concat(StabilizerOperands.Select(o => $" - {o.Tile.Name}{(o.By == Broadcast.Row ? "[r]" : "")}"))})",
            };
        }

        foreach (TileOp op in _wide.Map(target, scale, note))
            yield return op;
    }

    private string Masked => _mask is null ? "" : ", zero where masked";

    private TileOp OfHalf()
    {
        double half = 0.5 * _projection!.Factor * _projection.Factor;
        return new TileOp.Reduce(
            Axis.Column, new[] { new ReduceTerm(new Expr.Arg(0) * new Expr.Arg(1), new[] { new Operand(_rows), new Operand(_rows) }) }, default, new[] { new Assign(_half, Sum * half) })
        {
            Note = $"{_half.Name}[r] = {NumberText.Of(half)} |{_rows.Name}[r]|^2",
        };
    }

    /// <summary>x and u.</summary>
    private IEnumerable<TileOp> Rows()
    {
        yield return new TileOp.Map(new[] { new Assign(_rows, new Expr.Arg(0)) }, new[] { new Operand(_input) }, _mask)
        {
            Note = $"{_rows.Name} = {_name}{(_mask is null ? "" : ", zero where masked")}",
        };
        yield return new TileOp.Gemm(new[] { new GemmTerm(_rows, false, Matrix, true) }, default, new[] { new Assign(_projected, Times(Sum, _projection!.Factor)) })
        {
            Note = $"{_projected.Name} = {Factor(_projection.Factor)}{_rows.Name} P^T",
        };
    }

    private TileOp OfRowMaxima() => new TileOp.Reduce(
        Axis.Column, new[] { new ReduceTerm(new Expr.Arg(0), new[] { new Operand(_projected) }) }, default, new[] { new Assign(RowMaxima, Sum) }, Maximum: true)
    {
        Note = $"{RowMaxima.Name}[r] = max_m {_projected.Name}[r,m]",
    };

    /// <summary>From the gradient of mapped rows, where the map is wide, and else from <see cref="ProjectedGradient"/>, to the caller's; nothing where they are the same.</summary>
    /// <param name="gradient">The caller's gradient.</param>
    /// <param name="mapped">The gradient of the mapped rows.</param>
    /// <param name="scale">The factor on these.</param>
    public IEnumerable<TileOp> Finish(Tile gradient, Tile? mapped, double scale)
    {
        foreach (TileOp op in _wide?.Gradient(mapped!, ProjectedGradient ?? gradient, scale) ?? [])
            yield return op;
        if (_projection is not { } projection)
            yield break;
        GemmTerm[] terms = [new GemmTerm(ProjectedGradient!, false, Matrix, false)];
        string masked = Masked;
        Expr value = Times(Sum, projection.Factor);
        if (!ReadsHalf)
        {
            yield return new TileOp.Gemm(terms, default, new[] { new Assign(gradient, value) }, Guard: _mask)
            {
                Note = $"{gradient.Name} = {Factor(projection.Factor)}{ProjectedGradient!.Name} P{masked}",
            };
            yield break;
        }

        double squared = projection.Factor * projection.Factor;
        if (_wide is not null)
        {
            yield return new TileOp.Gemm(terms, new[] { new Operand(_rows), new Operand(_wide.HalfGradient!, Broadcast.Row) }, new[] { new Assign(gradient, value + Times(new Expr.Arg(1) * new Expr.Arg(2), squared)) }, Guard: _mask)
            {
                Note = $"{gradient.Name} = {Factor(projection.Factor)}{ProjectedGradient!.Name} P + {Factor(squared)}{_rows.Name} {_wide.HalfGradient!.Name}[r]{masked}",
            };
            yield break;
        }

        yield return new TileOp.Reduce(
            Axis.Column, new[] { new ReduceTerm(new Expr.Arg(0), new[] { new Operand(ProjectedGradient!) }) }, default, new[] { new Assign(_gradientSum, Sum) })
        {
            Note = $"{_gradientSum.Name}[r] = sum_m {ProjectedGradient!.Name}[r,m] = -d{_half.Name}[r]",
        };
        value -= Times(new Expr.Arg(1) * new Expr.Arg(2), squared);
        yield return new TileOp.Gemm(terms, new[] { new Operand(_rows), new Operand(_gradientSum, Broadcast.Row) }, new[] { new Assign(gradient, value) }, Guard: _mask)
        {
            Note = $"{gradient.Name} = {Factor(projection.Factor)}{ProjectedGradient!.Name} P - {Factor(squared)}{_rows.Name} {_gradientSum.Name}[r]{masked}",
        };
    }

    private static Expr Times(Expr value, double factor) => factor == 1.0 ? value : value * factor;

    private static string Factor(double factor) => factor == 1.0 ? "" : NumberText.Of(factor) + " ";
}
