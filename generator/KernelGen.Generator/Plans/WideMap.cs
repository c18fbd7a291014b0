using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>The last stage of a map whose rows are wider than what they are computed from, or whose elements depend on one another: ops instead of one expression and its derivative.</summary>
internal abstract class WideMap
{
    /// <summary>The mapped rows.</summary>
    /// <param name="target">Where they go.</param>
    /// <param name="scale">A factor on them.</param>
    /// <param name="note">The map, for notes.</param>
    public abstract IEnumerable<TileOp> Map(Tile target, double scale, string note);

    /// <summary>The gradient of what the rows are computed from.</summary>
    /// <param name="mapped">That of the mapped rows.</param>
    /// <param name="target">Where it goes: the caller's gradient where they are computed from the caller's rows.</param>
    /// <param name="scale">The factor that mapped rows have.</param>
    public abstract IEnumerable<TileOp> Gradient(Tile mapped, Tile target, double scale);

    /// <summary>The gradient of |c x|^2 / 2, of each row; null where nothing depends on it.</summary>
    public virtual Tile? HalfGradient => null;
}
