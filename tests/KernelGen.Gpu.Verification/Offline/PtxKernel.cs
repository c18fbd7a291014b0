namespace KernelGen.Gpu.Verification.Offline;

/// <summary>One kernel as ILGPU writes it.</summary>
/// <param name="Name">Name of the entry in the text.</param>
/// <param name="Text">The PTX.</param>
/// <param name="GroupSize">Threads a block that it was compiled for.</param>
/// <param name="Target">The architecture.</param>
public sealed record PtxKernel(string Name, string Text, int GroupSize, CudaTarget Target);
