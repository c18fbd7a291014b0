using ILGPU;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>ILGPU's arithmetic, executed, against C#'s, bit for bit.</summary>
public sealed class ArithmeticTests(ITestOutputHelper output) : PtxRun(output)
{
    private const int Count = 1024;

    private static void SingleKernel(ArrayView<float> x, ArrayView<float> y, ArrayView<float> z, ArrayView<float> results)
    {
        long i = Group.IdxX + Grid.IdxX * (long)Group.DimX;
        long n = x.Length;
        results[i] = x[i] + y[i];
        results[n + i] = x[i] - y[i];
        results[2 * n + i] = x[i] * y[i];
        results[3 * n + i] = x[i] / y[i];
        results[4 * n + i] = x[i] * y[i] + z[i];
        results[5 * n + i] = MathF.Sqrt(x[i]);
        results[6 * n + i] = MathF.Abs(x[i]);
        results[7 * n + i] = -x[i];
        results[8 * n + i] = MathF.Min(x[i], y[i]);
        results[9 * n + i] = MathF.Max(x[i], y[i]);
        results[10 * n + i] = MathF.Floor(x[i]);
        results[11 * n + i] = x[i] < y[i] ? x[i] : z[i];
        results[12 * n + i] = float.IsNaN(x[i]) ? 1 : 2;
        results[13 * n + i] = 1 / x[i];
    }

    [Fact]
    public void Single_SameAsHost()
    {
        (float[] x, float[] y, float[] z) = (AnyFloats(Count), AnyFloats(Count), AnyFloats(Count));
        PtxMachine machine = Machine(SingleKernel, 128);
        DeviceArray results = machine.Allocate<float>(14 * Count);
        machine.Launch(Count / 128, 128, machine.Upload(x), machine.Upload(y), machine.Upload(z), results);
        float[] actual = results.ToArray<float>();
        for (int i = 0; i < Count; i++)
        {
            // PTX's min and max give the number where one operand is NaN, C#'s give NaN.
            float[] expected =
            [
                x[i] + y[i], x[i] - y[i], x[i] * y[i], x[i] / y[i], x[i] * y[i] + z[i], MathF.Sqrt(x[i]), MathF.Abs(x[i]), -x[i],
                float.MinNumber(x[i], y[i]), float.MaxNumber(x[i], y[i]), MathF.Floor(x[i]), x[i] < y[i] ? x[i] : z[i], float.IsNaN(x[i]) ? 1 : 2, 1 / x[i],
            ];
            for (int kind = 0; kind < expected.Length; kind++)
                Same(expected[kind], actual[kind * Count + i], $"operation {kind} of {x[i]:R}, {y[i]:R}, {z[i]:R}");
        }
    }

    private static void DoubleKernel(ArrayView<double> x, ArrayView<double> y, ArrayView<double> z, ArrayView<double> results)
    {
        long i = Group.IdxX + Grid.IdxX * (long)Group.DimX;
        long n = x.Length;
        results[i] = x[i] + y[i];
        results[n + i] = x[i] * y[i] - z[i];
        results[2 * n + i] = x[i] / y[i];
        results[3 * n + i] = Math.Sqrt(x[i]);
        results[4 * n + i] = (float)x[i];
        results[5 * n + i] = Math.Ceiling(x[i]);
    }

    [Fact]
    public void Double_SameAsHost()
    {
        (double[] x, double[] y, double[] z) = (AnyDoubles(Count), AnyDoubles(Count), AnyDoubles(Count));
        PtxMachine machine = Machine(DoubleKernel, 128);
        DeviceArray results = machine.Allocate<double>(6 * Count);
        machine.Launch(Count / 128, 128, machine.Upload(x), machine.Upload(y), machine.Upload(z), results);
        double[] actual = results.ToArray<double>();
        for (int i = 0; i < Count; i++)
        {
            double[] expected = [x[i] + y[i], x[i] * y[i] - z[i], x[i] / y[i], Math.Sqrt(x[i]), (float)x[i], Math.Ceiling(x[i])];
            for (int kind = 0; kind < expected.Length; kind++)
                Same(expected[kind], actual[kind * Count + i], $"operation {kind} of {x[i]:R}, {y[i]:R}, {z[i]:R}");
        }
    }

    private static void IntKernel(ArrayView<int> x, ArrayView<int> y, ArrayView<int> results)
    {
        long i = Group.IdxX + Grid.IdxX * (long)Group.DimX;
        long n = x.Length;
        int divisor = y[i] | 1;
        results[i] = x[i] + y[i];
        results[n + i] = x[i] * y[i] - 7;
        results[2 * n + i] = x[i] / divisor;
        results[3 * n + i] = x[i] % divisor;
        results[4 * n + i] = x[i] << y[i];
        results[5 * n + i] = x[i] >> y[i];
        results[6 * n + i] = (int)((uint)x[i] >> y[i]);
        results[7 * n + i] = (x[i] & y[i]) ^ ~(x[i] | 12345);
        results[8 * n + i] = Math.Max(x[i], y[i]) - Math.Min(x[i], y[i]);
        results[9 * n + i] = (sbyte)x[i] + (byte)y[i] + (short)x[i] * (ushort)y[i];
        results[10 * n + i] = (int)((uint)x[i] / ((uint)y[i] | 1));
        results[11 * n + i] = IntrinsicMath.PopCount(x[i]) + IntrinsicMath.LeadingZeroCount(y[i]);
        results[12 * n + i] = x[i] > y[i] && x[i] != 3 || y[i] < -5 ? -x[i] : Math.Abs(y[i] >> 1);
    }

    [Fact]
    public void Integer_SameAsHost()
    {
        (int[] x, int[] y) = (Ints(Count), Ints(Count));
        PtxMachine machine = Machine(IntKernel, 128);
        DeviceArray results = machine.Allocate<int>(13 * Count);
        machine.Launch(Count / 128, 128, machine.Upload(x), machine.Upload(y), results);
        int[] actual = results.ToArray<int>();
        for (int i = 0; i < Count; i++)
        {
            int divisor = y[i] | 1;
            int[] expected =
            [
                x[i] + y[i], x[i] * y[i] - 7, divisor == -1 ? -x[i] : x[i] / divisor, divisor == -1 ? 0 : x[i] % divisor, x[i] << y[i], x[i] >> y[i],
                (int)((uint)x[i] >> y[i]), (x[i] & y[i]) ^ ~(x[i] | 12345), Math.Max(x[i], y[i]) - Math.Min(x[i], y[i]),
                (sbyte)x[i] + (byte)y[i] + (short)x[i] * (ushort)y[i], (int)((uint)x[i] / ((uint)y[i] | 1)),
                int.PopCount(x[i]) + int.LeadingZeroCount(y[i]), x[i] > y[i] && x[i] != 3 || y[i] < -5 ? -x[i] : Math.Abs(y[i] >> 1),
            ];
            for (int kind = 0; kind < expected.Length; kind++)
                Assert.True(expected[kind] == actual[kind * Count + i], $"operation {kind} of {x[i]}, {y[i]}: {expected[kind]} expected, {actual[kind * Count + i]} found");
        }
    }

    private static void LongKernel(ArrayView<long> x, ArrayView<long> y, ArrayView<long> results)
    {
        long i = Group.IdxX + Grid.IdxX * (long)Group.DimX;
        long n = x.Length;
        results[i] = x[i] * y[i] + 5;
        results[n + i] = x[i] / (y[i] | 1);
        results[2 * n + i] = (long)((ulong)x[i] % ((ulong)y[i] | 1));
        results[3 * n + i] = x[i] << (int)y[i];
        results[4 * n + i] = x[i] >> (int)y[i];
        results[5 * n + i] = (int)x[i] * (long)(uint)y[i];
        results[6 * n + i] = x[i] > y[i] ? x[i] : ~y[i];
    }

    [Fact]
    public void Long_SameAsHost()
    {
        (long[] x, long[] y) = (Longs(Count), Longs(Count));
        PtxMachine machine = Machine(LongKernel, 128);
        DeviceArray results = machine.Allocate<long>(7 * Count);
        machine.Launch(Count / 128, 128, machine.Upload(x), machine.Upload(y), results);
        long[] actual = results.ToArray<long>();
        for (int i = 0; i < Count; i++)
        {
            long divisor = y[i] | 1;
            long[] expected =
            [
                x[i] * y[i] + 5, divisor == -1 ? -x[i] : x[i] / divisor, (long)((ulong)x[i] % ((ulong)y[i] | 1)), x[i] << (int)y[i], x[i] >> (int)y[i],
                (int)x[i] * (long)(uint)y[i], x[i] > y[i] ? x[i] : ~y[i],
            ];
            for (int kind = 0; kind < expected.Length; kind++)
                Assert.True(expected[kind] == actual[kind * Count + i], $"operation {kind} of {x[i]}, {y[i]}: {expected[kind]} expected, {actual[kind * Count + i]} found");
        }
    }

    private static void HalfKernel(ArrayView<ILGPU.Half> x, ArrayView<ILGPU.Half> y, ArrayView<ILGPU.Half> z, ArrayView<ILGPU.Half> results)
    {
        long i = Group.IdxX + Grid.IdxX * (long)Group.DimX;
        long n = x.Length;
        results[i] = x[i] + y[i];
        results[n + i] = x[i] * y[i];
        results[2 * n + i] = x[i] * y[i] + z[i];
        results[3 * n + i] = (ILGPU.Half)((float)x[i] * 3.1f);
        results[4 * n + i] = x[i] < y[i] ? -x[i] : z[i];
    }

    [Fact]
    public void Half_SameAsHost()
    {
        System.Half[] Halves() => [.. Enumerable.Range(0, Count).Select(_ => (System.Half)((Random.NextDouble() * 2 - 1) * Math.Pow(2, Random.Next(-20, 10))))];
        (System.Half[] x, System.Half[] y, System.Half[] z) = (Halves(), Halves(), Halves());
        PtxMachine machine = Machine(HalfKernel, 128);
        DeviceArray results = machine.Allocate<System.Half>(5 * Count);
        machine.Launch(Count / 128, 128, machine.Upload(x), machine.Upload(y), machine.Upload(z), results);
        System.Half[] actual = results.ToArray<System.Half>();
        for (int i = 0; i < Count; i++)
        {
            System.Half[] expected = [x[i] + y[i], x[i] * y[i], x[i] * y[i] + z[i], (System.Half)((float)x[i] * 3.1f), x[i] < y[i] ? -x[i] : z[i]];
            for (int kind = 0; kind < expected.Length; kind++)
                Same((float)expected[kind], (float)actual[kind * Count + i], $"operation {kind} of {x[i]}, {y[i]}, {z[i]}");
        }
    }
}
