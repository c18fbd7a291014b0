namespace KernelGen.Gpu.Verification.Cuda;

/// <summary>A tool refused its input. The message is the tool's own.</summary>
public sealed class ToolException : Exception
{
    public ToolException()
    {
    }

    public ToolException(string message)
        : base(message)
    {
    }

    public ToolException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
