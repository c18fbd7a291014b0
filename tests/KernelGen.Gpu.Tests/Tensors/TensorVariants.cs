using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Verification.Ptx;

namespace KernelGen.Gpu.Tests.Tensors;

/// <summary>The variants that have kernels for tensor cores: those of 16-bit tensors.</summary>
internal static class TensorVariants
{
    public static IEnumerable<string> Names => GpuVariant.All.Where(v => v.Format != GpuFormat.Single).Select(v => v.Name);

    /// <summary>With each way that a tensor core may add.</summary>
    public static TheoryData<string, PtxMatrixSum> BySum
    {
        get
        {
            TheoryData<string, PtxMatrixSum> data = [];
            foreach (string name in Names)
            {
                data.Add(name, PtxMatrixSum.Nearest);
                data.Add(name, PtxMatrixSum.Truncated);
            }

            return data;
        }
    }
}
