using KernelGen.Gpu.Verification.Offline;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>What the tests of the interpreter share: one compiler, and a random seed of their own that a failure shows.</summary>
public abstract class PtxRun
{
    private static readonly PtxCompiler _compiler = new();

    protected PtxRun(ITestOutputHelper output)
    {
        int seed = Environment.TickCount ^ GetHashCode();
        Random = new Random(seed);
        output.WriteLine($"seed {seed}");
        Output = output;
    }

    protected Random Random { get; }

    protected ITestOutputHelper Output { get; }

    protected static PtxKernel Compile(Delegate kernel, int groupSize, CudaTarget target = CudaTarget.Sm80) =>
        _compiler.Compile(kernel, groupSize, target);

    protected static PtxMachine Machine(Delegate kernel, int groupSize, PtxOptions? options = null, CudaTarget target = CudaTarget.Sm80) =>
        new(PtxModule.Parse(Compile(kernel, groupSize, target).Text), options);

    /// <summary>A machine for a body of PTX over arrays a, b, c and d of one element type, indexed by the thread.</summary>
    /// <param name="body">Instructions; %a to %d are the addresses of the thread's elements.</param>
    /// <param name="size">Bytes of an element.</param>
    /// <param name="options">How to execute.</param>
    protected static PtxMachine Assembly(string body, int size = 4, PtxOptions? options = null) => new(
        PtxModule.Parse(
            $$"""
            .version 7.8
            .target sm_80
            .address_size 64
            .visible .entry test(.param .align 8 .b8 a[16], .param .align 8 .b8 b[16], .param .align 8 .b8 c[16], .param .align 8 .b8 d[16])
            {
                .reg .pred %p<8>;
                .reg .b16 %h<8>;
                .reg .b32 %r<8>;
                .reg .f32 %f<8>;
                .reg .b64 %l<8>;
                .reg .f64 %d<8>;
                .reg .b64 %pa, %pb, %pc, %pd, %at;
                .reg .b32 %t;
                mov.u32 %t, %tid.x;
                mul.wide.u32 %at, %t, {{size}};
                ld.param.u64 %pa, [a];
                ld.param.u64 %pb, [b];
                ld.param.u64 %pc, [c];
                ld.param.u64 %pd, [d];
                add.u64 %pa, %pa, %at;
                add.u64 %pb, %pb, %at;
                add.u64 %pc, %pc, %at;
                add.u64 %pd, %pd, %at;
                {{body}}
                ret;
            }
            """),
        options);

    /// <summary>Numbers of every magnitude, with zeros, infinities, NaN and subnormals among them.</summary>
    protected float[] AnyFloats(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (i % 16) switch
        {
            0 => BitConverter.Int32BitsToSingle(Random.Next(int.MinValue, int.MaxValue)),
            1 => BitConverter.Int32BitsToSingle(Random.Next(1, 0x800000)),
            2 => (new[] { 0f, -0f, 1f, -1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, float.MaxValue, 0.5f })[Random.Next(10)],
            _ => (float)((Random.NextDouble() * 2 - 1) * Math.Pow(2, Random.Next(-12, 13))),
        })];

    protected double[] AnyDoubles(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (i % 16) switch
        {
            0 => BitConverter.Int64BitsToDouble(Random.NextInt64(long.MinValue, long.MaxValue)),
            1 => (new[] { 0.0, -0.0, 1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue })[Random.Next(8)],
            _ => (Random.NextDouble() * 2 - 1) * Math.Pow(2, Random.Next(-40, 41)),
        })];

    protected float[] Floats(int count) => [.. Enumerable.Range(0, count).Select(_ => Random.NextSingle() * 2 - 1)];

    protected int[] Ints(int count) => [.. Enumerable.Range(0, count).Select(i => i % 4 == 0 ? Random.Next(-9, 10) : Random.Next(int.MinValue, int.MaxValue))];

    protected long[] Longs(int count) =>
        [.. Enumerable.Range(0, count).Select(i => i % 4 == 0 ? Random.Next(-9, 10) : Random.NextInt64(long.MinValue, long.MaxValue))];

    /// <summary>Equal bits, or both NaN: PTX leaves a NaN's payload open.</summary>
    protected static void Same(float expected, float actual, string what) => Assert.True(
        (float.IsNaN(expected) && float.IsNaN(actual)) || BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual),
        $"{what}: {expected:R} expected, {actual:R} found");

    protected static void Same(double expected, double actual, string what) => Assert.True(
        (double.IsNaN(expected) && double.IsNaN(actual)) || BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual),
        $"{what}: {expected:R} expected, {actual:R} found");

    protected static PtxFaultException Faults(PtxFault fault, Action launch)
    {
        PtxFaultException exception = Assert.Throws<PtxFaultException>(launch);
        Assert.True(exception.Fault == fault, exception.Message);
        Assert.True(exception.Line > 0);
        return exception;
    }
}
