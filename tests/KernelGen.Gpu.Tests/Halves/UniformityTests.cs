using ILGPU;
using KernelGen.Gpu.Tests.Ptx;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>What ILGPU 1.5.3 takes for the same in all threads though it is not, and what makes it think better.</summary>
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

    // Not a matter of inline PTX: of constants only the choice differs, and ILGPU looks at what is chosen.
    private static void BranchOnAChoice(ArrayView<float> x, ArrayView<float> y)
    {
        int i = Group.IdxX, choice = 0;
        float value = x[i];
        if (value > 0)
        {
            y[i] = value;
            choice = 1;
        }

        if (choice == 1)
            y[i] *= 2;
        else
            y[i] = 1;
    }

    [Fact]
    public void BranchOnAChoiceOfConstants_IsTakenForOneOfAllThreads() => Faults(PtxFault.DivergentUniformBranch, () => Run(Machine(BranchOnAChoice, 32)));

    private (float[] X, float[] Y) Run(PtxMachine machine)
    {
        float[] x = [.. Floats(32).Select((value, i) => i == 0 ? 1 : i == 1 ? -1 : value)];
        DeviceArray y = machine.Upload(Enumerable.Repeat(3f, 32).ToArray());
        machine.Launch(1, 32, machine.Upload(x), y);
        return (x, y.ToArray<float>());
    }
}
