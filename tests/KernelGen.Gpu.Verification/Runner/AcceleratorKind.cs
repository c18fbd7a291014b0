namespace KernelGen.Gpu.Verification.Runner;

/// <summary>What a kernel runs on where there is no GPU.</summary>
public enum AcceleratorKind
{
    /// <summary>
    /// ILGPU's own, with a thread of the system for each of a group: always there, slow, and ended by the first index out of bounds. It sees neither races
    /// nor divergent barriers.
    /// </summary>
    Cpu,

    /// <summary>OpenCL by PoCL, compiled for the processor: fast, and blind to faults that do not show in the results.</summary>
    PoCl,

    /// <summary>
    /// OpenCL by oclgrind's interpreter, of the kernel as it is written: slow, and sees races, accesses out of bounds, uninitialised values and divergent
    /// barriers, with their lines of the OpenCL source.
    /// </summary>
    Oclgrind,

    /// <summary>
    /// The same of the optimised kernel, in a half to a third of the time. It knows no lines, does not see what the optimiser has dropped, and may be given
    /// up (<see cref="OpenCl.OclgrindFault.Unsupported"/>), for one where it takes a quotient with its remainder.
    /// </summary>
    OclgrindOptimized,

    /// <summary>A CUDA device, where there is one.</summary>
    Cuda,
}
