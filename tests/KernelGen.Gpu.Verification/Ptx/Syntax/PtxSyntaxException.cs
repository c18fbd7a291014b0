namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>The text is not understood: an unknown opcode, modifier or operand. The message quotes the line.</summary>
public sealed class PtxSyntaxException(int line, string text, string reason) : Exception($"PTX line {line}: {reason}: {text}")
{
    /// <summary>Line in the PTX, from 1.</summary>
    public int Line { get; } = line;
}
