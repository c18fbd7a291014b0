namespace KernelGen.Gpu.Verification.Offline;

/// <summary>The architectures that kernels are compiled for without a device, each with the PTX version that its drivers read.</summary>
public enum CudaTarget
{
    /// <summary>Volta, PTX 7.0.</summary>
    Sm70,

    /// <summary>Ampere (A100), PTX 7.8.</summary>
    Sm80,

    /// <summary>Ampere (consumer), PTX 7.8.</summary>
    Sm86,

    /// <summary>Hopper, PTX 8.0.</summary>
    Sm90,
}
