using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Verification.Ptx;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>Tensors of a variant on the PTX machine, in its format.</summary>
internal static class PtxTensors
{
    public static DeviceArray Tensor(this PtxMachine machine, GpuVariant variant, float[] values) =>
        variant.Format == GpuFormat.Single ? machine.Upload(values) : machine.Upload(variant.Bits(values));

    /// <summary>One that nobody has written.</summary>
    public static DeviceArray Tensor(this PtxMachine machine, GpuVariant variant, int count) =>
        variant.Format == GpuFormat.Single ? machine.Allocate<float>(count) : machine.Allocate<ushort>(count);

    public static float[] Numbers(this DeviceArray tensor, GpuVariant variant) =>
        variant.Format == GpuFormat.Single ? tensor.ToArray<float>() : variant.Numbers(tensor.ToArray<ushort>());
}
