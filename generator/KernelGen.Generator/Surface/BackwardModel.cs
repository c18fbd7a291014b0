using KernelGen.Generator.Support;

namespace KernelGen.Generator.Surface;

/// <summary>What the surface has to know of the backward pass: the numbers of <c>KernelGen.Runtime.BackwardTraits</c>.</summary>
internal sealed record BackwardModel
{
    /// <summary>In order.</summary>
    public required EquatableArray<BackwardPhaseModel> Phases { get; init; }

    public required int BlockLength { get; init; }

    public required int TransposedSumOffset { get; init; }

    public required int TransposedSumStride { get; init; }

    public required int NormalizerOffset { get; init; }

    public required int SumGradientOffset { get; init; }

    public required int SumGradientStride { get; init; }

    public required int NormalizerGradientOffset { get; init; }

    public required int ScratchLength { get; init; }

    public required int TokenElements { get; init; }

    public required int QueryFlow { get; init; }

    public required int KeyFlow { get; init; }

    public int ProjectionGradientOffset { get; init; } = -1;

    public int KeyProjectionGradientOffset { get; init; } = -1;
}
