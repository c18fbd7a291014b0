namespace KernelGen;

/// <summary>
/// A dense layer y = f(h W^T + b): x [T, <see cref="Inputs"/>], W [<see cref="Outputs"/>, <see cref="Inputs"/>] as PyTorch stores it, y [T, <see cref="Outputs"/>]; h is x, or x normed
/// (<see cref="Norm"/>). Put it on a <see langword="partial"/> class; the generator writes forward and backward kernels into the same class.
/// </summary>
/// <remarks>
/// Gated, y = f(h W1^T + b1) o (h W2^T + b2) with W = [W1; W2] [2 Outputs, Inputs] and b = [b1; b2]: SGLU where f is the identity (TransNormerLLM), SwiGLU where it is silu.
/// f is built in (<see cref="Activation"/>), or the class's own method marked <see cref="FeatureMapAttribute"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class DenseLayerAttribute : Attribute
{
    /// <summary>Width of x, from 1 to 16384. Required.</summary>
    public int Inputs { get; set; }

    /// <summary>Width of y, from 1 to 16384. Required.</summary>
    public int Outputs { get; set; }

    /// <summary>Whether a bias is added to the product. Default false.</summary>
    public bool Bias { get; set; }

    /// <summary>Whether y is the product of two halves. Default false.</summary>
    public bool Gated { get; set; }

    /// <summary>f. Must be left alone where the class has a method marked <see cref="FeatureMapAttribute"/>.</summary>
    public Activation Activation { get; set; } = Activation.None;

    /// <summary>What is done to x before the product.</summary>
    public InputNorm Norm { get; set; } = InputNorm.None;

    /// <summary>The eps of the norm; default 1e-6. Only read where there is a <see cref="Norm"/>.</summary>
    public double NormEpsilon { get; set; } = 1e-6;

    /// <summary>Element type of everything: <see cref="KernelGen.DType.Float32"/> or <see cref="KernelGen.DType.Float64"/>.</summary>
    public DType DType { get; set; } = DType.Float32;

    /// <summary>Instruction sets to emit kernels for. Scalar is always emitted: it serves where nothing else does.</summary>
    public InstructionSets InstructionSets { get; set; } = InstructionSets.All;
}

/// <summary>A pointwise function of a dense layer.</summary>
public enum Activation
{
    /// <summary>f(z) = z.</summary>
    None = 0,

    /// <summary>f(z) = z / (1 + exp(-z)).</summary>
    Silu = 1,

    /// <summary>f(z) = max(z, 0).</summary>
    Relu = 2,

    /// <summary>f(z) = 1 / (1 + exp(-z)).</summary>
    Sigmoid = 3,

    /// <summary>f(z) = tanh(z).</summary>
    Tanh = 4,

    /// <summary>f(z) = z (1 + tanh(sqrt(2 / pi) (z + 0.044715 z^3))) / 2.</summary>
    GeluTanh = 5,
}

/// <summary>A norm of a dense layer's input rows. None has weights.</summary>
public enum InputNorm
{
    /// <summary>The rows as they are.</summary>
    None = 0,

    /// <summary>x / sqrt(mean(x^2) + eps), SRMSNorm (TransNormerLLM).</summary>
    SimpleRms = 1,
}
