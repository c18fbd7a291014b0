namespace KernelGen.Gpu.Verification.Cuda;

/// <summary>A GPU by its data sheet's figures, at its boost clock: what a real one sustains is less.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Capability">Its architecture.</param>
/// <param name="Multiprocessors">SMs.</param>
/// <param name="ClockHertz">Boost clock, cycles a second.</param>
/// <param name="BytesPerSecond">Bandwidth of its DRAM, bytes a second.</param>
public sealed record GpuModel(string Name, ComputeCapability Capability, int Multiprocessors, double ClockHertz, double BytesPerSecond)
{
    /// <summary>V100 SXM2.</summary>
    public static GpuModel V100 { get; } = new("V100", ComputeCapability.Sm70, 80, 1.53e9, 900e9);

    /// <summary>A100 SXM4, 80 GB.</summary>
    public static GpuModel A100 { get; } = new("A100", ComputeCapability.Sm80, 108, 1.41e9, 2039e9);

    /// <summary>GeForce RTX 3090.</summary>
    public static GpuModel Rtx3090 { get; } = new("RTX 3090", ComputeCapability.Sm86, 82, 1.695e9, 936e9);

    /// <summary>H100 SXM5.</summary>
    public static GpuModel H100 { get; } = new("H100", ComputeCapability.Sm90, 132, 1.98e9, 3350e9);

    /// <summary>Single-precision peak, operations a second, where a multiply-add counts two.</summary>
    public double SinglePeak => 2.0 * Multiprocessors * Capability.SingleLanes * ClockHertz;

    /// <summary>Bytes of DRAM traffic that an SM's even share of the bandwidth gives it in a cycle.</summary>
    public double DramBytesPerCycle => BytesPerSecond / ClockHertz / Multiprocessors;
}
