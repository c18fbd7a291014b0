using KernelGen.Generator.Expressions;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// The one way in which what a chunk adds to a part of the state is folded in. With decay: part = a part + sum. Without: y = sum + err;
/// part' = part + y; err' = y - (part' - part), the running compensation of Kahan: the error of a sum of n chunks does not grow with n.
/// </summary>
/// <param name="Part">What is carried: a matrix, or a row vector.</param>
/// <param name="Error">Its compensation, where nothing decays.</param>
/// <param name="ChunkDecay">The factor a, where something does.</param>
internal sealed record StateFold(Tile Part, Tile? Error, Tile? ChunkDecay)
{
    /// <summary>Operands 1 and 2 of the assignments; operand 0 is the sum.</summary>
    public EquatableArray<Operand> Operands
    {
        get
        {
            Operand whole = new(Part, Part.IsVector ? Broadcast.Column : Broadcast.None);
            return new[] { whole, Error is null ? new Operand(ChunkDecay!, Broadcast.Scalar) : whole with { Tile = Error } };
        }
    }

    public EquatableArray<Assign> Assigns
    {
        get
        {
            Expr sum = new Expr.Arg(0), old = new Expr.Arg(1), other = new Expr.Arg(2);
            if (Error is null)
                return new[] { new Assign(Part, new Expr.MultiplyAdd(other, old, sum)) };
            Expr y = sum + other, total = old + y;
            return new[] { new Assign(Part, total), new Assign(Error, y - (total - old)) };
        }
    }
}
