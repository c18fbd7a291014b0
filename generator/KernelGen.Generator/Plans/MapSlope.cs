using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// A pointwise map and its derivative: both are values of one map op, so that they share what they have in common (an exp, say). Where the derivative is a
/// constant it needs no tile.
/// </summary>
internal sealed class MapSlope
{
    private readonly Expr _value;
    private readonly Expr _slope;
    private readonly Tile _tile;

    /// <param name="stages">The map's stages, composed.</param>
    /// <param name="scale">A factor on the mapped value.</param>
    /// <param name="tile">Where derivatives go.</param>
    public MapSlope(EquatableArray<FeatureStage> stages, double scale, Tile tile)
    {
        _value = FeatureMaps.Scaled(stages, scale);
        _slope = Derivative.Of(_value);
        _tile = tile;
    }

    /// <summary>target = phi of the operands, and the derivative where it is wanted and no constant.</summary>
    public TileOp Map(EquatableArray<Operand> operands, Tile target, string note, Tile? guard, bool derives)
    {
        bool both = derives && _slope is not Expr.Const;
        Assign value = new(target, _value);
        return new TileOp.Map(both ? new[] { value, new Assign(_tile, _slope) } : new[] { value }, operands, guard)
        {
            Note = $"{target.Name} = {note}{(both ? $", {_tile.Name} = its derivative" : "")}{(guard is null ? "" : ", zero where masked")}",
        };
    }

    /// <summary>The gradient of the mapped value times the derivative; a derivative's tile becomes one more operand.</summary>
    /// <param name="gradient">Over the operands so far and, where <paramref name="hasSum"/>, a sum before them.</param>
    /// <param name="operands">Operands so far.</param>
    /// <param name="hasSum">Whether operand 0 of the expression is the op's sum.</param>
    public Expr Times(Expr gradient, List<Operand> operands, bool hasSum)
    {
        if (_slope is Expr.Const constant)
            return constant.Value == 1.0 ? gradient : gradient * constant;
        operands.Add(new Operand(_tile));
        return gradient * new Expr.Arg(operands.Count - (hasSum ? 0 : 1));
    }

    /// <summary>For notes: <c>(g) qs</c>.</summary>
    public string Text(string gradient) => _slope switch
    {
        Expr.Const { Value: 1.0 } => gradient,
        Expr.Const => $"({gradient}) scale",
        _ => $"({gradient}) {_tile.Name}",
    };
}
