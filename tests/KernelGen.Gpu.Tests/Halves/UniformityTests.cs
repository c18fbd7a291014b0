using ILGPU;
using KernelGen.Gpu.Tests.Ptx;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>What ILGPU thinks of numbers that come of inline PTX, and what makes it think better.</summary>
public sealed class UniformityTests(ITestOutputHelper output) : PtxRun(output)
{
    private static void Branch<TUnit>(ArrayView<float> x, ArrayView<float> y)
        where TUnit : struct, IProductUnit
    {
        int i = Group.IdxX;
        float c0 = x[i], c1 = 0, c2 = 0, c3 = 0;
        TensorCore.MultiplyBFloat16(ref c0, ref c1, ref c2, ref c3, 0, 0, 0, 0, 0, 0);

        // The type only says which kernel this is.
        float sum = default(TUnit).IsTensorCore ? TensorCore.PerThread(c0) : c0;
        float z = 1;
        if (sum > 0)
            z = y[i] * 2;
        y[i] = z;
    }

    [Fact]
    public void BranchOnASum_IsTakenForOneOfAllThreads() => Faults(PtxFault.DivergentUniformBranch, () => Run(Machine(Branch<OnThreads>, 32)));

    [Fact]
    public void BranchOnASum_PerThread_IsRight()
    {
        (float[] x, float[] y) = Run(Machine(Branch<OnTensorCore>, 32));
        Assert.Equal(x.Select(value => value > 0 ? 6f : 1f), y);
    }

    private (float[] X, float[] Y) Run(PtxMachine machine)
    {
        float[] x = [.. Floats(32).Select((value, i) => i == 0 ? 1 : i == 1 ? -1 : value)];
        DeviceArray y = machine.Upload(Enumerable.Repeat(3f, 32).ToArray());
        machine.Launch(1, 32, machine.Upload(x), y);
        return (x, y.ToArray<float>());
    }
}
