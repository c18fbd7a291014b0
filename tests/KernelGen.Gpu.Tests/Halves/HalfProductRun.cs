using System.Globalization;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>The threads' path on an accelerator, in a process of its own.</summary>
public static class HalfProductRun
{
    /// <param name="accelerator">Any.</param>
    /// <param name="args">Depth, and seed.</param>
    /// <returns>0 where every form and format is right, 1 otherwise; the console says what was seen.</returns>
    public static int Run(Accelerator accelerator, string[] args)
    {
        int depth = int.Parse(args[0], CultureInfo.InvariantCulture), seed = int.Parse(args[1], CultureInfo.InvariantCulture);
        bool isWell = !TensorCore.IsSupported(accelerator);
        foreach (string form in HalfCase.Forms)
        {
            foreach (string format in HalfCase.Formats)
            {
                HalfCase c = new(form, format, depth, seed);
                using MemoryBuffer1D<Float4, Stride1D.Dense> a = accelerator.Allocate1D(MemoryMarshal.Cast<ushort, Float4>(c.A).ToArray());
                using MemoryBuffer1D<Float4, Stride1D.Dense> b = accelerator.Allocate1D(MemoryMarshal.Cast<ushort, Float4>(c.B).ToArray());
                using MemoryBuffer1D<Float2, Stride1D.Dense> sums = accelerator.Allocate1D(MemoryMarshal.Cast<float, Float2>(c.C).ToArray());
                using MemoryBuffer1D<int, Stride1D.Dense> rounded = accelerator.Allocate1D<int>(c.C.Length / 2);
                Action<KernelConfig, ArrayView<Float4>, ArrayView<Float4>, ArrayView<Float2>, ArrayView<int>, int> launch = accelerator.LoadStreamKernel(c.Kernel<OnThreads>());
                launch((1, HalfProduct.Threads), a.View, b.View, sums.View, rounded.View, depth);
                accelerator.Synchronize();
                double error = c.Error(MemoryMarshal.Cast<Float2, float>(sums.GetAsArray1D()).ToArray()), ratio = c.RoundedRatio(rounded.GetAsArray1D());
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{form} {format}: {error:E2}, rounded {ratio:F4}"));
                isWell &= error <= 1e-5 && ratio <= 1.1;
            }
        }

        return isWell ? 0 : 1;
    }
}
