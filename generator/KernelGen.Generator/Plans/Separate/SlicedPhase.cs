using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>
/// A phase that computes each slice of the features, or of the values, without the others: built for a declaration with fewer of them, it is the work of one slice.
/// </summary>
/// <param name="Name">Of the program.</param>
/// <param name="Axis">What may be cut.</param>
/// <param name="Build">The program of a declaration, whole or a slice.</param>
/// <param name="Sums">Tiles whose numbers are sums over what is cut: every slice has a part of them.</param>
internal sealed record SlicedPhase(string Name, SliceAxis Axis, Func<KernelSpec, TileProgram> Build, IReadOnlyList<string> Sums)
{
    /// <summary>The declaration of one slice of so many columns.</summary>
    public KernelSpec Slice(KernelSpec spec, int columns) => Axis == SliceAxis.Features ? spec with { HeadDim = columns } : spec with { ValueDim = columns };

    /// <summary>Columns there are to cut.</summary>
    public int Columns(KernelSpec spec) => Axis == SliceAxis.Features ? spec.HeadDim : spec.ValueDim;
}

/// <summary>What the slices of a phase have some of.</summary>
internal enum SliceAxis
{
    /// <summary>Features M of queries and keys.</summary>
    Features,

    /// <summary>Values E.</summary>
    Values,
}
