using ILGPU;
using KernelGen.Gpu.Verification.Offline;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>Compilation without a device.</summary>
public sealed class PtxCompilerTests(ITestOutputHelper output) : PtxRun(output)
{
    private static void Scale(ArrayView<float> x, float factor) => x[Group.IdxX] *= factor;

    private static void Exponential(ArrayView<float> x) => x[Group.IdxX] = MathF.Exp(x[Group.IdxX]);

    private static void Fused(ArrayView<float> x) => x[Group.IdxX] = MathF.FusedMultiplyAdd(x[Group.IdxX], 2, 3);

    // ILGPU 1.5.3 writes no later target than sm_80 into its text; drivers compile that for later devices.
    [Theory]
    [InlineData(CudaTarget.Sm70, "7.0", "sm_70")]
    [InlineData(CudaTarget.Sm80, "7.8", "sm_80")]
    [InlineData(CudaTarget.Sm86, "7.8", "sm_80")]
    [InlineData(CudaTarget.Sm90, "8.0", "sm_80")]
    public void Kernel_CompilesForEachTarget(CudaTarget target, string version, string architecture)
    {
        PtxKernel kernel = Compile(Scale, 96, target);
        PtxModule module = PtxModule.Parse(kernel.Text);
        Assert.Equal((version, architecture), (module.Version, module.Target));
        PtxFunction entry = Assert.Single(module.Entries);
        Assert.Equal(kernel.Name, entry.Name);
        Assert.Equal(96, entry.MaxThreads);
        Assert.Equal([16, 4], entry.Parameters.Select(parameter => parameter.Size));
        Assert.Equal((96, target), (kernel.GroupSize, kernel.Target));
    }

    [Fact]
    public void KernelThatIlgpuRefuses_IsNamed()
    {
        PtxCompileException exception = Assert.Throws<PtxCompileException>(() => Compile(Exponential, 32));
        Assert.Contains("PtxCompilerTests.Exponential", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Sm80", exception.Message, StringComparison.Ordinal);
    }

    // ILGPU writes MathF.FusedMultiplyAdd as a call of a function that nobody defines; CUDA would not load the kernel.
    [Fact]
    public void CallWithoutABody_IsRefused()
    {
        PtxMachine machine = Machine(Fused, 32);
        DeviceArray x = machine.Upload(new float[32]);
        PtxSyntaxException exception = Assert.Throws<PtxSyntaxException>(() => machine.Launch(1, 32, x));
        Assert.Contains("FusedMultiplyAdd", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compiler_AfterDisposal_Refuses()
    {
        PtxCompiler compiler = new();
        compiler.Dispose();
        Assert.Throws<ObjectDisposedException>(() => compiler.Compile(Scale, 32, CudaTarget.Sm80));
    }
}
