using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// The caller's rows x, projected, over the rows of a chunk, and gradients back. Where rows are made unit ones first, n = |x|; where there is a bias, it is a last column of P and x has a 1 there:
/// <code>
/// y = x / (n + eps) or x        u = c y P^T        h = c^2 |y|^2 / 2
/// dy = c du P + c^2 y dh        dP = c sum_r du_r y_r^T        dx = (dy - y (y.dy) (n + eps) / n) / (n + eps), or dy
/// </code>
/// Where n = 0, what is divided by it has no gradient.
/// </summary>
internal sealed class ProjectedRows
{
    private static readonly Expr Sum = new Expr.Arg(0);

    private readonly FeatureStage.Projection _projection;
    private readonly double? _unit;
    private readonly string _name;
    private readonly Tile _input;
    private readonly Tile? _mask;
    private readonly Tile _rows;
    private readonly Tile _length;
    private readonly Tile _gradient;
    private readonly Tile _agreement;
    private readonly Tile? _matrixGradientError;

    /// <param name="spec">The declaration.</param>
    /// <param name="stages">The side's map.</param>
    /// <param name="input">The caller's rows.</param>
    /// <param name="mask">Flags of rows that count; null where all do.</param>
    public ProjectedRows(KernelSpec spec, EquatableArray<FeatureStage> stages, Tile input, Tile? mask)
    {
        _projection = stages.OfType<FeatureStage.Projection>().Single();
        _unit = stages.OfType<FeatureStage.UnitRows>().SingleOrDefault()?.Epsilon;
        (_name, _input, _mask) = (input.Name, input, mask);
        Extent tokens = Extent.Chunk(spec.ChunkSize), p = Extent.Fixed(_projection.Columns);
        Extent width = _projection.HasBias ? Extent.Fixed(input.Columns.Size + 1) : input.Columns;
        _rows = new Tile(_name + "x", TileRole.Scratch, tokens, width);
        _length = new Tile(_name + "len", TileRole.Scratch, tokens, Extent.One);
        _gradient = new Tile($"d{_name}x", TileRole.Scratch, tokens, input.Columns);
        _agreement = new Tile($"d{_name}len", TileRole.Scratch, tokens, Extent.One);
        Projected = new Tile(_name + "u", TileRole.Scratch, tokens, p);
        Half = new Tile(_name + "half", TileRole.Scratch, tokens, Extent.One);
        Gradient = new Tile($"d{_name}u", TileRole.Scratch, tokens, p);
        string side = _projection.IsOwn && mask is not null ? "k" : "";
        Matrix = new Tile("proj" + side, TileRole.Matrix, p, width);
        if (!_projection.IsLearned)
            return;
        MatrixGradient = new Tile("dproj" + side, TileRole.State, p, width);
        _matrixGradientError = new Tile($"dproj{side}err", TileRole.State, p, width);
    }

    /// <summary>P, [P, D], with a bias [P, D + 1].</summary>
    public Tile Matrix { get; }

    /// <summary>u.</summary>
    public Tile Projected { get; }

    /// <summary>h.</summary>
    public Tile Half { get; }

    /// <summary>Where the gradient of u goes.</summary>
    public Tile Gradient { get; }

    /// <summary>dP; null where it is not learned.</summary>
    public Tile? MatrixGradient { get; }

    private string Masked => _mask is null ? "" : ", zero where masked";

    /// <summary>y and u.</summary>
    public IEnumerable<TileOp> Prepare()
    {
        Tile columns = _projection.HasBias ? _rows.Part(_rows.Name + "0", 0, _input.Columns.Size) : _rows;
        yield return new TileOp.Map(new[] { new Assign(columns, new Expr.Arg(0)) }, new[] { new Operand(_input) }, _mask)
        {
            Note = $"{columns.Name} = {_name}{Masked}",
        };
        if (_projection.HasBias)
        {
            Tile one = _rows.Part(_rows.Name + "1", _input.Columns.Size, 1);
            yield return new TileOp.Map(new[] { new Assign(one, 1.0) }, default) { Note = $"{one.Name} = 1, which the bias is multiplied by" };
        }

        if (_unit is { } epsilon)
        {
            yield return new TileOp.Reduce(Axis.Column, new[] { Square(_rows) }, default, new[] { new Assign(_length, new Expr.Unary(UnaryOp.Sqrt, Sum)) }) { Note = $"{_length.Name}[r] = |{_rows.Name}[r]|" };
            yield return new TileOp.Map(new[] { new Assign(_rows, new Expr.Arg(0) / (new Expr.Arg(1) + epsilon)) }, new[] { new Operand(_rows), new Operand(_length, Broadcast.Row) })
            {
                Note = $"{_rows.Name}[r] = {_rows.Name}[r] / ({_length.Name}[r] + {NumberText.Of(epsilon)})",
            };
        }

        yield return new TileOp.Gemm(new[] { new GemmTerm(_rows, false, Matrix, true) }, default, new[] { new Assign(Projected, Times(Sum, _projection.Factor)) })
        {
            Note = $"{Projected.Name} = {Factor(_projection.Factor)}{_rows.Name} P^T",
        };
    }

    public TileOp OfHalf()
    {
        double half = 0.5 * _projection.Factor * _projection.Factor;
        return new TileOp.Reduce(Axis.Column, new[] { Square(_rows) }, default, new[] { new Assign(Half, Sum * half) }) { Note = $"{Half.Name}[r] = {NumberText.Of(half)} |{_rows.Name}[r]|^2" };
    }

    /// <summary>From the gradient of u to the caller's.</summary>
    /// <param name="target">The caller's gradient.</param>
    /// <param name="half">dh of each row; null where nothing depends on it.</param>
    /// <param name="isNegated">Whether it is -dh.</param>
    public IEnumerable<TileOp> Finish(Tile target, Tile? half, bool isNegated)
    {
        Tile gradient = _unit is null ? target : _gradient;
        double squared = _projection.Factor * _projection.Factor;
        Expr value = Times(Sum, _projection.Factor), ofHalf = Times(new Expr.Arg(1) * new Expr.Arg(2), squared);

        // The column of the bias has no caller's row to go to.
        Tile matrix = _projection.HasBias ? Matrix.Part(Matrix.Name + "0", 0, _input.Columns.Size) : Matrix;
        string sign = isNegated ? "-" : "+";
        yield return new TileOp.Gemm(
            new[] { new GemmTerm(Gradient, false, matrix, false) },
            half is null ? EquatableArray<Operand>.Empty : new[] { new Operand(_rows), new Operand(half, Broadcast.Row) },
            new[] { new Assign(gradient, half is null ? value : isNegated ? value - ofHalf : value + ofHalf) },
            Guard: _mask)
        {
            Note = $"{gradient.Name} = {Factor(_projection.Factor)}{Gradient.Name} P{(half is null ? "" : $" {sign} {Factor(squared)}{_rows.Name} {half.Name}[r]")}{Masked}",
        };
        if (_unit is not { } epsilon)
            yield break;
        yield return new TileOp.Reduce(
            Axis.Column, new[] { new ReduceTerm(new Expr.Arg(0) * new Expr.Arg(1), new[] { new Operand(_rows), new Operand(gradient) }) }, default, new[] { new Assign(_agreement, Sum) })
        {
            Note = $"{_agreement.Name}[r] = {_rows.Name}[r].{gradient.Name}[r]",
        };
        Expr length = new Expr.Arg(2), divisor = length + epsilon;
        Expr along = new Expr.Select(new Condition.Compare(CompareOp.Greater, length, 0.0), new Expr.Arg(3) * (divisor / length), 0.0);
        yield return new TileOp.Map(
            new[] { new Assign(target, (new Expr.Arg(0) - (new Expr.Arg(1) * along)) / divisor) },
            new[] { new Operand(gradient), new Operand(_rows), new Operand(_length, Broadcast.Row), new Operand(_agreement, Broadcast.Row) },
            _mask)
        {
            Note = $"{target.Name}[r] = ({gradient.Name}[r] - {_rows.Name}[r] {_agreement.Name}[r] (n + eps) / n) / (n + eps), n = {_length.Name}[r]{Masked}",
        };
    }

    /// <summary>dP += c du^T y over the chunk, compensated; nothing where P is not learned.</summary>
    public IEnumerable<TileOp> Fold()
    {
        if (MatrixGradient is null)
            yield break;
        StateFold fold = new(MatrixGradient, _matrixGradientError, null);
        yield return new TileOp.Gemm(
            new[] { new GemmTerm(Gradient, true, _rows, false) },
            fold.Operands,
            fold.Assigns.Select(a => a with { Value = Substitution.ReplaceArg(a.Value, 0, Times(Sum, _projection.Factor)) }).ToArray())
        {
            Note = $"{MatrixGradient.Name} = {MatrixGradient.Name} + {Factor(_projection.Factor)}{Gradient.Name}^T {_rows.Name}, compensated",
        };
    }

    private static ReduceTerm Square(Tile rows) => new(new Expr.Arg(0) * new Expr.Arg(1), new[] { new Operand(rows), new Operand(rows) });

    private static Expr Times(Expr value, double factor) => factor == 1.0 ? value : value * factor;

    private static string Factor(double factor) => factor == 1.0 ? "" : NumberText.Of(factor) + " ";
}
