using ILGPU;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>Wavefronts, sectors and bytes, where the right number is known.</summary>
public sealed class CounterTests(ITestOutputHelper output) : PtxRun(output)
{
    private const int Size = 32;

    private readonly record struct Quad(float X, float Y, float Z, float W);

    private static void Strided(ArrayView<float> x, ArrayView<float> results, int stride, int offset)
    {
        long i = Group.IdxX + Grid.IdxX * (long)Group.DimX;
        results[i] = x[i * stride + offset];
    }

    [Theory]
    [InlineData(1, 0, 1.0)]
    [InlineData(2, 0, 2.0)]
    [InlineData(8, 0, 8.0)]
    [InlineData(1, 1, 1.25)]
    [InlineData(0, 3, 1.0)]
    public void Sectors_OfStridedLoads(int stride, int offset, double ratio)
    {
        PtxMachine machine = Machine(Strided, 64);
        DeviceArray x = machine.Upload(new float[2048]);
        DeviceArray results = machine.Allocate<float>(256);
        PtxCounters counters = machine.Launch(4, 64, x, results, stride, offset);
        Assert.Equal(ratio, counters.GlobalLoads.Ratio);
        Assert.Equal(1, counters.GlobalStores.Ratio);
        Assert.Equal(8, counters.GlobalLoads.Instructions);
        Assert.Equal(1, results.Traffic.WriteFactor);
        Assert.Equal((1, 1), (results.Traffic.LeastWrites, results.Traffic.MostWrites));
        Assert.Equal(counters.GlobalLoads.Units, x.Traffic.ReadSectors);
        Assert.Equal(counters.WarpInstructions, counters.ByMnemonic.Values.Sum());
    }

    // One float of a 32 x 32 product a thread, rows of a and b in shared memory: b's rows start in one bank.
    private static void Product(ArrayView<float> a, ArrayView<float> b, ArrayView<float> results)
    {
        ArrayView<Quad> left = SharedMemory.Allocate<Quad>(256);
        ArrayView<Quad> right = SharedMemory.Allocate<Quad>(256);
        long t = Group.IdxX;
        left[t] = a.Cast<Quad>()[t];
        right[t] = b.Cast<Quad>()[t];
        Group.Barrier();
        for (long item = t; item < 1024; item += 256)
        {
            long row = item >> 5;
            long column = item & 31;
            float sum = 0;
            for (long k = 0; k < 8; k++)
            {
                Quad x = left[row * 8 + k];
                Quad y = right[column * 8 + k];
                sum += x.X * y.X + x.Y * y.Y + x.Z * y.Z + x.W * y.W;
            }

            results[item] = sum;
        }
    }

    // The same with b's quads of a row moved by the row's number.
    private static void SwizzledProduct(ArrayView<float> a, ArrayView<float> b, ArrayView<float> results)
    {
        ArrayView<Quad> left = SharedMemory.Allocate<Quad>(256);
        ArrayView<Quad> right = SharedMemory.Allocate<Quad>(256);
        long t = Group.IdxX;
        left[t] = a.Cast<Quad>()[t];
        right[(t & ~7L) | ((t & 7) ^ (t >> 3 & 7))] = b.Cast<Quad>()[t];
        Group.Barrier();
        for (long item = t; item < 1024; item += 256)
        {
            long row = item >> 5;
            long column = item & 31;
            float sum = 0;
            for (long k = 0; k < 8; k++)
            {
                Quad x = left[row * 8 + k];
                Quad y = right[column * 8 + (k ^ (column & 7))];
                sum += x.X * y.X + x.Y * y.Y + x.Z * y.Z + x.W * y.W;
            }

            results[item] = sum;
        }
    }

    [Theory]
    [InlineData(false, 4.5)]
    [InlineData(true, 1.0)]
    public void Wavefronts_OfAProduct_WithAndWithoutSwizzle(bool isSwizzled, double ratio)
    {
        (float[] a, float[] b) = (Floats(Size * Size), Floats(Size * Size));
        PtxMachine machine = Machine(isSwizzled ? SwizzledProduct : Product, 256);
        (DeviceArray left, DeviceArray right, DeviceArray results) = (machine.Upload(a), machine.Upload(b), machine.Allocate<float>(Size * Size));
        PtxCounters counters = machine.Launch(1, 256, left, right, results);
        float[] actual = results.ToArray<float>();
        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                double expected = Enumerable.Range(0, Size).Sum(k => (double)a[row * Size + k] * b[column * Size + k]);
                Assert.InRange(actual[row * Size + column], expected - 1e-5, expected + 1e-5);
            }
        }

        // Loads of a broadcast: one wavefront a quarter of a warp. Those of b meet in one group of banks, eight deep, unless swizzled.
        Assert.Equal(ratio, counters.SharedLoads.Ratio);
        Assert.Equal(1, counters.SharedStores.Ratio);
        Assert.Equal(1, counters.Barriers);
        Assert.Equal((1.0, 1.0, 1.0), (left.Traffic.ReadFactor, right.Traffic.ReadFactor, results.Traffic.WriteFactor));
        Assert.Contains(counters.ByLine.Values, line => line.Ratio == (isSwizzled ? 1 : 8));
    }

    [Fact]
    public void Counting_CanBeSwitchedOff()
    {
        PtxMachine machine = Machine(Strided, 64, new PtxOptions { CountMemory = false });
        DeviceArray x = machine.Upload(new float[64]);
        DeviceArray results = machine.Allocate<float>(64);
        PtxCounters counters = machine.Launch(1, 64, x, results, 1, 0);
        Assert.Equal(0, counters.GlobalLoads.Instructions);
        Assert.Equal(2, counters.Instructions("ld.global"));
        Assert.Throws<InvalidOperationException>(() => x.Traffic);
    }
}
