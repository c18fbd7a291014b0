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

    /// <summary>OpenCL by oclgrind's interpreter: slow, and sees races, accesses out of bounds, uninitialised values and divergent barriers.</summary>
    Oclgrind,
}
