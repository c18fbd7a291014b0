using System.ComponentModel;

namespace KernelGen.Runtime;

/// <summary>Constant facts of one dense layer, as its generated code states them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record DenseTraits
{
    /// <summary>Full name of the declared class.</summary>
    public required string Name { get; init; }

    /// <summary>The mathematics in one line.</summary>
    public required string Equation { get; init; }

    /// <summary>Width of x.</summary>
    public required int Inputs { get; init; }

    /// <summary>Width of y.</summary>
    public required int Outputs { get; init; }

    /// <summary>Whether W has two halves.</summary>
    public required bool IsGated { get; init; }

    /// <summary>Whether there is a bias.</summary>
    public required bool HasBias { get; init; }

    /// <summary>Whether the input is prepared before the product: whether there are <see cref="DensePhase.Inputs"/> and <see cref="DensePhase.InputBackward"/>.</summary>
    public required bool PreparesInput { get; init; }

    /// <summary>Whether the gradient of the product is that of y: otherwise there is <see cref="DensePhase.Slopes"/>.</summary>
    public required bool IsLinear { get; init; }

    /// <summary>Levels that kernels exist for.</summary>
    public required InstructionSets InstructionSets { get; init; }

    /// <summary>Most rows of a block, indexed by <see cref="DensePhase"/>.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>Tokens whose contributions to the weights' gradient are summed before they are added.</summary>
    public required int TokenChunk { get; init; }

    /// <summary>Columns of a panel.</summary>
    public required int PanelWidth { get; init; }

    /// <summary>Scratch elements that one call of a phase needs, at any level.</summary>
    public required int ScratchLength { get; init; }

    /// <summary>Register tile by level, "rows x columns", indexed by <see cref="InstructionSet"/>.</summary>
    public required IReadOnlyList<string> RegisterTiles { get; init; }

    /// <summary>Rows of W.</summary>
    internal int WeightRows => IsGated ? 2 * Outputs : Outputs;

    /// <summary>Columns rounded up to whole panels.</summary>
    internal int Padded(int columns) => (columns + PanelWidth - 1) / PanelWidth * PanelWidth;
}
