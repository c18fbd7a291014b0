namespace KernelGen;

/// <summary>
/// A block of TransNormerLLM, with n = SRMSNorm of its rows and residual connections:
/// <code>
/// q, k, v, u = n(x) Wqkvu^T            A = lightning attention of silu(q), silu(k), v
/// m = x + (u o SRMSNorm(A)) Wout^T     y = m + ((n(m) W1^T) o (n(m) W2^T)) W3^T
/// </code>
/// The norm of A is over all heads. Put it on a <see langword="partial"/> class; the generator writes forward, decode and backward kernels into the same class.
/// </summary>
/// <remarks>Source: Qin et al., "TransNormerLLM", 2023; Doraemonzzz/nanoTransNormer; OpenNLPLab/TransnormerLLM.</remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class TransNormerBlockAttribute : Attribute
{
    /// <summary>Width of x and y, from 1 to 16384. Required.</summary>
    public int EmbedDim { get; set; }

    /// <summary>Heads H of the attention. Required.</summary>
    public int Heads { get; set; }

    /// <summary>Width of a head, from 1 to 1024; 0 (the default) means EmbedDim / Heads, which must be whole.</summary>
    public int HeadDim { get; set; }

    /// <summary>Width of the gated linear unit (SGLU), from 1 to 16384. Required.</summary>
    public int GluDim { get; set; }

    /// <summary>Whether the dense layers have biases. Default false.</summary>
    public bool Bias { get; set; }

    /// <summary>The eps of the norms; default 1e-6.</summary>
    public double NormEpsilon { get; set; } = 1e-6;

    /// <summary>Element type of everything: <see cref="KernelGen.DType.Float32"/> or <see cref="KernelGen.DType.Float64"/>.</summary>
    public DType DType { get; set; } = DType.Float32;

    /// <summary>Instruction sets to emit kernels for. Scalar is always emitted: it serves where nothing else does.</summary>
    public InstructionSets InstructionSets { get; set; } = InstructionSets.All;
}
