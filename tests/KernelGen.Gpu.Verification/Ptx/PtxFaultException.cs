namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>A kernel did something that a GPU would not report, or report without saying where.</summary>
public sealed class PtxFaultException : Exception
{
    internal PtxFaultException(PtxFault fault, string detail, PtxInstruction instruction, int thread, (int X, int Y, int Z) block)
        : base($"{fault} in block ({block.X},{block.Y},{block.Z}), thread {thread}, PTX line {instruction.Line}: {instruction.Text}{(detail.Length == 0 ? "" : $" ({detail})")}")
    {
        Fault = fault;
        Line = instruction.Line;
        Instruction = instruction.Text;
        Thread = thread;
        Block = block;
    }

    /// <summary>What it did.</summary>
    public PtxFault Fault { get; }

    /// <summary>Line in the PTX, from 1.</summary>
    public int Line { get; }

    /// <summary>The instruction.</summary>
    public string Instruction { get; }

    /// <summary>Thread of the block.</summary>
    public int Thread { get; }

    /// <summary>The block.</summary>
    public (int X, int Y, int Z) Block { get; }
}
