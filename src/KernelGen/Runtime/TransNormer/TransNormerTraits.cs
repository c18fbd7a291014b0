using System.ComponentModel;

namespace KernelGen.Runtime;

/// <summary>The parts of one block, as its generated code states them.</summary>
/// <param name="Name">Full name of the declared class.</param>
/// <param name="Heads">Heads H.</param>
/// <param name="Attention">The attention, of silu(q), silu(k) and v.</param>
/// <param name="Projection">Normed rows to q, k, v or u.</param>
/// <param name="Output">u o SRMSNorm(A) to the rows, added.</param>
/// <param name="Glu">Normed rows to a factor of the gated linear unit.</param>
/// <param name="Down">The factors' product to the rows, added.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record TransNormerTraits(string Name, int Heads, KernelTraits Attention, DenseTraits Projection, DenseTraits Output, DenseTraits Glu, DenseTraits Down)
{
    /// <summary>E.</summary>
    internal int Embed => Projection.Inputs;

    /// <summary>C, the width of all heads.</summary>
    internal int Hidden => Projection.Outputs;

    internal int GluWidth => Glu.Outputs;

    internal bool HasBias => Projection.HasBias;

    /// <summary>Scratch elements of the hungriest dense layer.</summary>
    internal int ScratchLength => Math.Max(Math.Max(Projection.ScratchLength, Output.ScratchLength), Math.Max(Glu.ScratchLength, Down.ScratchLength));

    /// <summary>Floating point operations of a token's dense layers, forward.</summary>
    internal long DenseFlopsPerToken => 2L * ((4L * Hidden * Embed) + ((long)Embed * Hidden) + (3L * GluWidth * Embed));
}
