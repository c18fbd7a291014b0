using KernelGen.Generator.Support;

namespace KernelGen.Generator.Surface;

/// <summary>What the surface states of a dense layer's kernels: the numbers of <c>KernelGen.Runtime.DenseTraits</c>.</summary>
internal sealed record DenseModel
{
    /// <summary>Those that the layer has.</summary>
    public required EquatableArray<DensePhaseModel> Phases { get; init; }

    public required int TokenChunk { get; init; }

    public required int PanelWidth { get; init; }

    public required int ScratchLength { get; init; }

    /// <summary>Levels that kernels were emitted for; Scalar is always among them.</summary>
    public required EquatableArray<LevelKernels> Levels { get; init; }
}

/// <param name="Name">Of the kernels' method, and in <c>KernelGen.Runtime.DensePhase</c>.</param>
/// <param name="Rows">Most rows of a block.</param>
internal sealed record DensePhaseModel(string Name, int Rows);
