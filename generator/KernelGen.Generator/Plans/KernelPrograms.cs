using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>What a plan makes of a declaration: the phases of each pass, and which tiles are the parts of a plain state.</summary>
/// <param name="Forward">Phases of the forward pass, in order; a step is the first of them with one token.</param>
/// <param name="State">Parts of the state that callers can bring and take.</param>
/// <param name="Backward">The backward pass.</param>
internal sealed record KernelPrograms(EquatableArray<TileProgram> Forward, StateParts State, BackwardPrograms Backward);

/// <summary>The state at a chunk boundary: S [M, E], and where there are any, z [1, M] and the compensations of both.</summary>
internal sealed record StateParts(Tile Sum, Tile? SumCompensation, Tile? Normalizer, Tile? NormalizerCompensation);

/// <summary>
/// The backward pass. A phase's name is that of the tokens it runs over: <c>Queries</c>, <c>Keys</c> or <c>State</c> (keys and values, folded in and
/// nothing else). Phases share a block of state tiles, zero at first but for what the caller brings.
/// </summary>
/// <param name="Phases">In order.</param>
/// <param name="TransposedSum">S transposed, [E, M]: the caller brings the initial state.</param>
/// <param name="Normalizer">z, [1, M]: likewise.</param>
/// <param name="SumGradient">dS, [M, E]: the caller brings the final state's gradient, and takes the initial state's.</param>
/// <param name="NormalizerGradient">dz, [1, M]: likewise.</param>
/// <param name="QueryFlow">phi(q).dphi(q) by token, where a decay has a gradient.</param>
/// <param name="KeyFlow">phi(k).dphi(k) by token.</param>
internal sealed record BackwardPrograms(
    EquatableArray<TileProgram> Phases, Tile TransposedSum, Tile? Normalizer, Tile SumGradient, Tile? NormalizerGradient, Tile? QueryFlow, Tile? KeyFlow)
{
    /// <summary>The gradient of a learned projection, of queries' and keys' where they share it, after the last phase; null where there is none.</summary>
    public Tile? ProjectionGradient { get; init; }

    /// <summary>The same of the keys' own projection.</summary>
    public Tile? KeyProjectionGradient { get; init; }
}
