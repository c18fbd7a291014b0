using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>What a plan makes of a declaration: the phases of each pass, and which tiles are the parts of a plain state.</summary>
/// <param name="Forward">Phases of the forward pass, in order; a step is the first of them with one token.</param>
/// <param name="State">Parts of the state that callers can bring and take.</param>
internal sealed record KernelPrograms(EquatableArray<TileProgram> Forward, StateParts State);

/// <summary>The state at a chunk boundary: S [M, E], and where there are any, z [1, M] and the compensations of both.</summary>
internal sealed record StateParts(Tile Sum, Tile? SumCompensation, Tile? Normalizer, Tile? NormalizerCompensation);
