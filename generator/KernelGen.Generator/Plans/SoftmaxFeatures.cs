using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// Exponentials of a row's elements over their sum, of u and of -u side by side, and back. With e the exponentials, p = e / sum e (or e, where only the maximum is subtracted), g the gradient of the
/// features where they are above the clamp and zero elsewhere, and <c>&lt;g, p&gt;</c> their product summed over the row:
/// <code>
/// phi = max(p, clamp)          du = p (g - &lt;g, p&gt;), of -u with opposite sign          not normalised: du = g p - [u = max u] &lt;g, p&gt; / ties
/// </code>
/// Source: HazyResearch/lolcats (<c>softmax_dim</c>, <c>exp_dim</c>), fla-org/flash-linear-attention (<c>hedgehog</c>: one sum over both halves of twice the exponents).
/// </summary>
/// <param name="stage">The kind.</param>
/// <param name="name">Of the rows: <c>q</c>, <c>k</c>.</param>
/// <param name="rows">u.</param>
/// <param name="mask">Flags of rows that count; null where all do.</param>
internal sealed class SoftmaxFeatures(FeatureStage.Softmax stage, string name, Tile rows, Tile? mask) : WideMap
{
    private static readonly Expr First = new Expr.Arg(0), Second = new Expr.Arg(1);

    private readonly Tile _opposite = new(name + "neg", TileRole.Scratch, rows.Rows, rows.Columns);
    private readonly Tile _joint = new(name + "inv", TileRole.Scratch, rows.Rows, Extent.One);
    private readonly Tile _jointSum = new($"d{name}dot", TileRole.Scratch, rows.Rows, Extent.One);

    private int Width => rows.Columns.Size;

    private bool IsJoint => stage.Kind == SoftmaxKind.Joint;

    private bool IsShifted => stage.Kind == SoftmaxKind.Shifted;

    /// <summary>Of the exponents of both halves.</summary>
    private double Factor => IsJoint ? 2 : 1;

    public override IEnumerable<TileOp> Map(Tile target, double scale, string note)
    {
        int halves = stage.Halves;
        if (Width % 16 != 0 && halves > 1)
            yield return new TileOp.Map(new[] { new Assign(target, 0.0) }, default) { Note = $"{target.Name} = 0, its padding included" };
        if (halves > 1)
            yield return new TileOp.Map(new[] { new Assign(_opposite, -First) }, new[] { new Operand(rows) }) { Note = $"{_opposite.Name} = -{rows.Name}" };
        for (int i = 0; i < halves; i++)
        {
            yield return new TileOp.Reduce(Axis.Column, new[] { new ReduceTerm(First, new[] { new Operand(Exponents(i)) }) }, default, new[] { new Assign(Top(i), First) }, Maximum: true)
            {
                Note = $"{Top(i).Name}[r] = max_p {Exponents(i).Name}[r,p]",
            };
        }

        for (int i = 0; i < halves; i++)
        {
            (Expr top, Operand[] tops) = IsJoint
                ? (new Expr.Binary(BinaryOp.Max, Second, new Expr.Arg(2)), new[] { new Operand(Top(0), Broadcast.Row), new Operand(Top(1), Broadcast.Row) })
                : (Second, new[] { new Operand(Top(i), Broadcast.Row) });
            Expr exponent = First - top;
            yield return new TileOp.Map(new[] { new Assign(E(i), Expr.Exp(Factor == 1 ? exponent : exponent * Factor)) }, new[] { new Operand(Exponents(i)) }.Concat(tops).ToArray())
            {
                Note = $"{E(i).Name}[r] = exp({(Factor == 1 ? "" : "2 ")}({Exponents(i).Name}[r] - max))",
            };
            if (!IsShifted && !IsJoint)
                yield return Inverse(Inv(i), [E(i)]);
        }

        if (IsJoint)
            yield return Inverse(_joint, [E(0), E(1)]);
        for (int i = 0; i < halves; i++)
        {
            Expr value = stage.Clamp == 0 ? P(0) : new Expr.Binary(BinaryOp.Max, P(0), stage.Clamp);
            Tile part = Part(target, i);
            yield return new TileOp.Map(new[] { new Assign(part, scale == 1.0 ? value : value * scale) }, POperands(i), mask)
            {
                Note = $"{part.Name} = {note}{(halves == 1 ? "" : $", part {NumberText.Of(i)}")}{(mask is null ? "" : ", zero where masked")}",
            };
        }
    }

    public override IEnumerable<TileOp> Gradient(Tile mapped, Tile target, double scale)
    {
        int halves = stage.Halves;
        Expr isTop = new Expr.Select(new Condition.Compare(CompareOp.Equal, First, Second), 1.0, 0.0);
        for (int i = 0; i < halves; i++)
        {
            // g p, of features that are not clamped.
            Expr product = First * P(1);
            if (scale != 1.0)
                product *= scale;
            if (stage.Clamp != 0)
                product = new Expr.Select(new Condition.Compare(CompareOp.GreaterOrEqual, P(1), stage.Clamp), product, 0.0);
            yield return new TileOp.Map(new[] { new Assign(T(i), product) }, new[] { new Operand(Part(mapped, i)) }.Concat(POperands(i)).ToArray(), mask)
            {
                Note = $"{T(i).Name} = {Part(mapped, i).Name} p{NumberText.Of(i)}{(stage.Clamp == 0 ? "" : ", where p is not clamped")}",
            };
            if (!IsJoint)
                yield return Total(Dot(i), [T(i)]);
            if (IsShifted)
            {
                yield return new TileOp.Map(new[] { new Assign(Hit(i), isTop) }, new[] { new Operand(Exponents(i)), new Operand(Top(i), Broadcast.Row) }) { Note = $"{Hit(i).Name} = [{Exponents(i).Name} = {Top(i).Name}[r]]" };
                yield return new TileOp.Reduce(Axis.Column, new[] { Plain(Hit(i)) }, new[] { new Operand(Dot(i), Broadcast.Row) }, new[] { new Assign(Share(i), Second / First) })
                {
                    Note = $"{Share(i).Name}[r] = {Dot(i).Name}[r] / how often the maximum occurs",
                };
            }
        }

        if (IsJoint)
            yield return Total(_jointSum, [T(0), T(1)]);
        List<Operand> operands = [];
        Expr? sum = null;
        for (int i = 0; i < halves; i++)
        {
            int first = operands.Count;
            operands.Add(new Operand(T(i)));
            Expr through;
            if (IsShifted)
            {
                operands.AddRange([new Operand(Hit(i)), new Operand(Share(i), Broadcast.Row)]);
                through = new Expr.Arg(first + 1) * new Expr.Arg(first + 2);
            }
            else
            {
                operands.AddRange([.. POperands(i), new Operand(IsJoint ? _jointSum : Dot(i), Broadcast.Row)]);
                through = P(first + 1) * new Expr.Arg(operands.Count - 1);
            }

            Expr half = new Expr.Arg(first) - through;
            sum = sum is null ? half : sum - half;
        }

        yield return new TileOp.Map(new[] { new Assign(target, Factor == 1 ? sum! : sum! * Factor) }, operands.ToArray(), mask)
        {
            Note = $"{target.Name} = {(Factor == 1 ? "" : "2 (")}{string.Join(" - ", Enumerable.Range(0, halves).Select(i => $"({T(i).Name} - {(IsShifted ? $"{Hit(i).Name} {Share(i).Name}[r]" : $"p{NumberText.Of(i)} {(IsJoint ? _jointSum : Dot(i)).Name}[r]")})"))}{(Factor == 1 ? "" : ")")}",
        };
    }

    /// <summary>p of a half, whose operands begin at <paramref name="first"/>.</summary>
    private Expr P(int first) => IsShifted ? new Expr.Arg(first) : new Expr.Arg(first) * new Expr.Arg(first + 1);

    private Operand[] POperands(int half) => IsShifted ? [new Operand(E(half))] : [new Operand(E(half)), new Operand(IsJoint ? _joint : Inv(half), Broadcast.Row)];

    private static TileOp Inverse(Tile target, Tile[] rows) =>
        new TileOp.Reduce(Axis.Column, rows.Select(Plain).ToArray(), default, new[] { new Assign(target, 1.0 / First) }) { Note = $"{target.Name}[r] = 1 / sum_p {string.Join(" + ", rows.Select(t => t.Name + "[r,p]"))}" };

    private static TileOp Total(Tile target, Tile[] rows) =>
        new TileOp.Reduce(Axis.Column, rows.Select(Plain).ToArray(), default, new[] { new Assign(target, First) }) { Note = $"{target.Name}[r] = sum_p {string.Join(" + ", rows.Select(t => t.Name + "[r,p]"))}" };

    private static ReduceTerm Plain(Tile tile) => new(First, new[] { new Operand(tile) });

    /// <summary>u, or -u.</summary>
    private Tile Exponents(int half) => half == 0 ? rows : _opposite;

    private Tile Part(Tile whole, int half) => stage.Halves == 1 ? whole : whole.Part($"{whole.Name}{NumberText.Of(half)}", half * Width, Width);

    private Tile Top(int half) => OfRow($"{name}max{NumberText.Of(half)}");

    private Tile Inv(int half) => OfRow($"{name}inv{NumberText.Of(half)}");

    private Tile Dot(int half) => OfRow($"d{name}dot{NumberText.Of(half)}");

    private Tile Share(int half) => OfRow($"d{name}max{NumberText.Of(half)}");

    private Tile Hit(int half) => new($"{name}hit{NumberText.Of(half)}", TileRole.Scratch, rows.Rows, rows.Columns);

    private Tile E(int half) => new($"{name}e{NumberText.Of(half)}", TileRole.Scratch, rows.Rows, rows.Columns);

    private Tile T(int half) => new($"d{name}e{NumberText.Of(half)}", TileRole.Scratch, rows.Rows, rows.Columns);

    private Tile OfRow(string tile) => new(tile, TileRole.Scratch, rows.Rows, Extent.One);
}
