using System.Runtime.Intrinsics;
using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

public sealed class VectorLanesTests
{
    [Fact]
    public void Sum_Floats_SameBitsInEveryForm()
    {
        Random random = new(1);
        for (int round = 0; round < 10_000; round++)
        {
            // Sizes from 1e-4 to 1e4, so that any other order of additions rounds differently sooner or later.
            float[] lanes = Enumerable.Range(0, 16).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-4, 5)))).ToArray();
            int expected = BitConverter.SingleToInt32Bits((float)Tree(lanes, 8, (a, b) => (float)a + (float)b));
            ReadOnlySpan<float> span = lanes;
            Assert.Equal(expected, BitConverter.SingleToInt32Bits(VectorLanes.Sum(span)));
            Assert.Equal(expected, BitConverter.SingleToInt32Bits(VectorLanes.Sum(Vector512.Create(span))));
            Assert.Equal(expected, BitConverter.SingleToInt32Bits(VectorLanes.Sum(Vector256.Create(span), Vector256.Create(span[8..]))));
            Assert.Equal(expected, BitConverter.SingleToInt32Bits(VectorLanes.Sum(Vector128.Create(span), Vector128.Create(span[4..]), Vector128.Create(span[8..]), Vector128.Create(span[12..]))));
        }
    }

    [Fact]
    public void Sum_Doubles_SameBitsInEveryForm()
    {
        Random random = new(2);
        for (int round = 0; round < 10_000; round++)
        {
            double[] lanes = Enumerable.Range(0, 8).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-4, 5))).ToArray();
            long expected = BitConverter.DoubleToInt64Bits(Tree(lanes, 4, (a, b) => a + b));
            ReadOnlySpan<double> span = lanes;
            Assert.Equal(expected, BitConverter.DoubleToInt64Bits(VectorLanes.Sum(span)));
            Assert.Equal(expected, BitConverter.DoubleToInt64Bits(VectorLanes.Sum(Vector512.Create(span))));
            Assert.Equal(expected, BitConverter.DoubleToInt64Bits(VectorLanes.Sum(Vector256.Create(span), Vector256.Create(span[4..]))));
            Assert.Equal(expected, BitConverter.DoubleToInt64Bits(VectorLanes.Sum(Vector128.Create(span), Vector128.Create(span[2..]), Vector128.Create(span[4..]), Vector128.Create(span[6..]))));
        }
    }

    [Fact]
    public void Max_AnyLane_IsFoundInEveryForm()
    {
        for (int lane = 0; lane < 16; lane++)
        {
            float[] floats = [.. Enumerable.Range(0, 16).Select(i => i == lane ? -1f : -2f - i)];
            double[] doubles = [.. floats.Select(x => (double)x)];
            ReadOnlySpan<float> f = floats;
            Assert.Equal(-1f, VectorLanes.Max(Vector512.Create(f)));
            Assert.Equal(-1f, VectorLanes.Max(Vector256.Create(f), Vector256.Create(f[8..])));
            Assert.Equal(-1f, VectorLanes.Max(Vector128.Create(f), Vector128.Create(f[4..]), Vector128.Create(f[8..]), Vector128.Create(f[12..])));
            ReadOnlySpan<double> d = doubles.AsSpan(lane / 8 * 8, 8);
            Assert.Equal(-1.0, VectorLanes.Max(Vector512.Create(d)));
            Assert.Equal(-1.0, VectorLanes.Max(Vector256.Create(d), Vector256.Create(d[4..])));
            Assert.Equal(-1.0, VectorLanes.Max(Vector128.Create(d), Vector128.Create(d[2..]), Vector128.Create(d[4..]), Vector128.Create(d[6..])));
        }
    }

    [Fact]
    public void Sum_FewerLanesThanTheTree_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => VectorLanes.Sum(new float[15].AsSpan()));
        Assert.Throws<ArgumentOutOfRangeException>(() => VectorLanes.Sum(new double[7].AsSpan()));
    }

    /// <summary>Lane l takes lane l + half, half the half, until one is left.</summary>
    private static double Tree<T>(T[] lanes, int half, Func<double, double, double> add)
        where T : struct, IConvertible
    {
        double[] sums = lanes.Select(lane => lane.ToDouble(null)).ToArray();
        for (; half >= 1; half /= 2)
        {
            for (int l = 0; l < half; l++)
                sums[l] = add(sums[l], sums[l + half]);
        }

        return sums[0];
    }
}
