namespace KernelGen.Generator.Schedule.Gpu;

/// <summary>A parameter of every kernel of a pass, with where its rows lie.</summary>
/// <param name="Name">Of the tile that a phase reads or writes there.</param>
/// <param name="Kind">What it holds.</param>
internal readonly record struct GpuParameter(string Name, GpuParameterKind Kind);

internal enum GpuParameterKind
{
    /// <summary>The caller's numbers, as the declaration stores them.</summary>
    Tensor,

    /// <summary>Single numbers, whatever the declaration stores: what kernels leave for one another or for sums that are rounded later.</summary>
    Single,

    /// <summary>A byte a token.</summary>
    Flags,
}
