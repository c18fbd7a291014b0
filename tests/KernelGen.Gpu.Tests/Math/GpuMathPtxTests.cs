using ILGPU;
using KernelGen.Gpu.Tests.Ptx;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Elementary;

/// <summary>The functions of emitted kernels as PTX, with products fused with sums and without.</summary>
public sealed class GpuMathPtxTests(ITestOutputHelper output) : PtxRun(output)
{
    private const int Block = 128;
    private const int Count = 192 * Block;

    [Theory]
    [InlineData(nameof(GpuMath.Exp), false)]
    [InlineData(nameof(GpuMath.Exp), true)]
    [InlineData(nameof(GpuMath.Log), false)]
    [InlineData(nameof(GpuMath.Log), true)]
    [InlineData(nameof(GpuMath.Sin), false)]
    [InlineData(nameof(GpuMath.Sin), true)]
    [InlineData(nameof(GpuMath.Cos), false)]
    [InlineData(nameof(GpuMath.Cos), true)]
    [InlineData(nameof(GpuMath.Tanh), false)]
    [InlineData(nameof(GpuMath.Tanh), true)]
    [InlineData(nameof(GpuMath.Sqrt), false)]
    [InlineData(nameof(GpuMath.Sqrt), true)]
    public void Function_WithinDocumentedBound(string name, bool isFused)
    {
        ElementaryFunction function = ElementaryFunctions.Of(name);
        float[] x = Points(function.Range);
        float[] actual = Run(function.Kernel, isFused, Count, x);
        ElementaryFunctions.Within(
            isFused ? function.FusedBound : function.Bound, x.Zip(actual), function.Exact, $"{name}, {(isFused ? "" : "not ")}fused");
    }

    [Theory]
    [InlineData(nameof(GpuMath.Exp))]
    [InlineData(nameof(GpuMath.Log))]
    [InlineData(nameof(GpuMath.Sin))]
    [InlineData(nameof(GpuMath.Cos))]
    [InlineData(nameof(GpuMath.Tanh))]
    [InlineData(nameof(GpuMath.Sqrt))]
    public void Function_NeedsNeitherApproximationsNorDoubles(string name)
    {
        string text = Compile(ElementaryFunctions.Of(name).Kernel, Block).Text;
        Assert.DoesNotContain(".approx", text, StringComparison.Ordinal);
        Assert.DoesNotContain(".ftz", text, StringComparison.Ordinal);
        Assert.DoesNotContain(".f64 ", text, StringComparison.Ordinal);
    }

    private static void Exact(ArrayView<float> x, ArrayView<float> results)
    {
        long i = Group.IdxX + (Grid.IdxX * (long)Group.DimX);
        long n = x.Length;
        float other = x[n - 1 - i];
        results[i] = GpuMath.Abs(x[i]);
        results[n + i] = GpuMath.Floor(x[i]);
        results[(2 * n) + i] = GpuMath.Ceiling(x[i]);
        results[(3 * n) + i] = GpuMath.Truncate(x[i]);
        results[(4 * n) + i] = GpuMath.Round(x[i]);
        results[(5 * n) + i] = GpuMath.Min(x[i], other);
        results[(6 * n) + i] = GpuMath.Max(x[i], other);
        results[(7 * n) + i] = GpuMath.Min(x[i], -x[i]);
        results[(8 * n) + i] = GpuMath.Max(x[i], -x[i]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ExactFunctions_SameAsHost(bool isFused)
    {
        float[] x = Points(40);
        for (int i = 0; i < Count / 4; i++)
            x[i] = (i - (Count / 8)) / 4f;
        float[] actual = Run(Exact, isFused, 9 * Count, x);
        for (int i = 0; i < Count; i++)
        {
            float other = x[Count - 1 - i];
            float[] expected =
            [
                MathF.Abs(x[i]), MathF.Floor(x[i]), MathF.Ceiling(x[i]), MathF.Truncate(x[i]), MathF.Round(x[i]),
                MathF.Min(x[i], other), MathF.Max(x[i], other), MathF.Min(x[i], -x[i]), MathF.Max(x[i], -x[i]),
            ];
            for (int kind = 0; kind < expected.Length; kind++)
                Same(expected[kind], actual[(kind * Count) + i], $"operation {kind} of {x[i]:R} and {other:R}");
        }
    }

    private static void Signs(ArrayView<float> x, ArrayView<float> results)
    {
        long i = Group.IdxX;
        results[i] = GpuMath.Sin(x[i]);
        results[x.Length + i] = GpuMath.Tanh(x[i]);
        results[(2 * x.Length) + i] = GpuMath.Sqrt(x[i]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Zeros_KeepTheirSign(bool isFused)
    {
        float[] x = [.. Enumerable.Range(0, Block).Select(i => i % 2 == 0 ? 0f : -0f)];
        float[] actual = Run(Signs, isFused, 3 * Block, x);
        for (int i = 0; i < actual.Length; i++)
            Same(x[i % Block], actual[i], $"function {i / Block} of {x[i % Block]}");
    }

    private static float[] Run(Delegate kernel, bool isFused, int results, float[] x)
    {
        PtxMachine machine = Machine(kernel, Block, new PtxOptions { FuseMultiplyAdd = isFused, DetectRaces = false, CountMemory = false });
        DeviceArray target = machine.Allocate<float>(results);
        machine.Launch(x.Length / Block, Block, machine.Upload(x), target);
        return target.ToArray<float>();
    }

    /// <summary>Half of them from minus to plus the range, the others of every magnitude.</summary>
    private float[] Points(float range) =>
        [.. AnyFloats(Count / 2), .. Enumerable.Range(0, Count / 2).Select(i => i % 8 < 2
            ? BitConverter.Int32BitsToSingle(Random.Next(int.MinValue, int.MaxValue))
            : ((Random.NextSingle() * 2) - 1) * range)];
}
