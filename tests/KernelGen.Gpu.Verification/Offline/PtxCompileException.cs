namespace KernelGen.Gpu.Verification.Offline;

/// <summary>ILGPU refused a kernel. The message names the kernel, the target and ILGPU's innermost reason.</summary>
public sealed class PtxCompileException(string message, Exception inner) : Exception(message, inner);
