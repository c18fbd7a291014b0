using KernelGen.Generator.Expressions;

namespace KernelGen.Generator.Spec;

/// <summary>
/// One dense layer, complete: y = f(h W^T + b), h what its input is made into before the product, W [outputs, inputs]; where gated, y = f(h W1^T + b1) o (h W2^T + b2) with
/// W = [W1; W2]. Equal specs give equal code.
/// </summary>
internal sealed record DenseSpec
{
    /// <summary>Where the generated members go.</summary>
    public required TypeIdentity Type { get; init; }

    /// <summary>Told from other layers of the same class in names of kernels; empty where the class is the layer.</summary>
    public string Part { get; init; } = "";

    /// <summary>One line of mathematics for headers and docs, in plain text.</summary>
    public required string Equation { get; init; }

    public required int Inputs { get; init; }

    /// <summary>Width of y.</summary>
    public required int Outputs { get; init; }

    public required bool HasBias { get; init; }

    public required bool IsGated { get; init; }

    /// <summary>f, with operand 0 the sum; operand 0 itself for the identity.</summary>
    public required Expr Activation { get; init; }

    /// <summary>What the input is made into.</summary>
    public required DenseInput Input { get; init; }

    /// <summary>eps of the norm, where there is one.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Whether the result is added to what y holds: a residual connection.</summary>
    public bool AddsToOutput { get; init; }

    public required ElementType ElementType { get; init; }

    /// <summary>Bit per level, as <c>KernelGen.InstructionSets</c>; Scalar's is always set.</summary>
    public required int InstructionSets { get; init; }

    /// <summary>Rows of W: outputs, twice where gated.</summary>
    public int WeightRows => IsGated ? 2 * Outputs : Outputs;

    public int ElementBytes => ElementType == ElementType.Float64 ? 8 : 4;

    /// <summary>Whether the gradient of the product is that of y.</summary>
    public bool IsLinear => !IsGated && Activation is Expr.Arg { Position: 0 };

    /// <summary>Stem of the kernels' class names.</summary>
    public string Stem => Type.HintName + Part;
}

/// <summary>What a dense layer's input is made into before the product: h.</summary>
internal enum DenseInput
{
    /// <summary>h = x.</summary>
    Plain,

    /// <summary>h = x / sqrt(mean(x^2) + eps).</summary>
    SimpleRms,

    /// <summary>h = x o u with a second input u.</summary>
    Product,

    /// <summary>h = u o x / sqrt(mean(x^2) + eps).</summary>
    GatedSimpleRms,
}

/// <summary>How work on dense layers is cut: by shape, so that the order of additions is the same for every target and number of threads.</summary>
internal static class DenseRule
{
    /// <summary>Tokens whose contributions to the weights' gradient are summed from zero before they are added to it.</summary>
    public const int TokenChunk = 256;

    /// <summary>Most bytes of a row of which 96 stay in a second cache.</summary>
    private const int WideRow = 3072;

    /// <summary>Rows of a block: a multiple of every register tile's.</summary>
    public static int BlockRows(int depth, int elementBytes) => depth * elementBytes <= WideRow ? 96 : 48;
}
