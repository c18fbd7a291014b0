using System.Runtime.CompilerServices;
using ILGPU;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>Loops, branches, calls, barriers, local arrays, vectors and shuffles as ILGPU writes them.</summary>
public sealed class ControlTests(ITestOutputHelper output) : PtxRun(output)
{
    private readonly record struct Quad(float X, float Y, float Z, float W);

    private readonly record struct Settings(int Shift, double Scale, short Bias);

    private static void Scalars(ArrayView<double> results, int a, double b, byte c, long d, bool e, ILGPU.Half f, Settings g, sbyte h)
    {
        int i = Group.IdxX;
        results[i] = a + b + c + d + (e ? 1.0 : 0.0) + (float)f + g.Shift * g.Scale + g.Bias + h + results.Length;
    }

    [Fact]
    public void Parameters_AreWhereIlgpuReadsThem()
    {
        PtxMachine machine = Machine(Scalars, 32);
        DeviceArray array = machine.Allocate<double>(64);
        machine.Launch(1, 32, array.View(8, 32), -5, 0.25, (byte)200, 1L << 40, true, (System.Half)1.5, new object[] { 3, 0.125, (short)-7 }, (sbyte)-9);
        double expected = -5 + 0.25 + 200 + (1L << 40) + 1 + 1.5 + 3 * 0.125 - 7 - 9 + 32;
        Assert.All(array.ToArray<double>()[8..40], actual => Assert.Equal(expected, actual));
        Assert.All(array.ToArray<double>()[..8], actual => Assert.True(double.IsNaN(actual)));
        Assert.False(array.IsFullyWritten);
        Assert.Throws<ArgumentException>(() => machine.Launch(1, 32, array, 5.0, 0.25, (byte)1, 1L, true, (System.Half)1, new object[] { 3, 0.125, (short)-7 }, (sbyte)1));
        Assert.Throws<ArgumentOutOfRangeException>(() => array.View(60, 5));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Power(float x, int n)
    {
        float product = 1;
        for (int i = 0; i < n; i++)
            product *= x;
        return product;
    }

    private static void Branches(ArrayView<float> x, ArrayView<int> kinds, ArrayView<float> results)
    {
        long i = Group.IdxX;
        float value = x[i];
        float result;
        switch (kinds[i])
        {
            case 0:
                result = Power(value, 3);
                break;
            case 1:
                result = -value;
                break;
            case 2:
                result = value;
                for (int j = 0; j < kinds[i + 1] + 2; j++)
                    result += j;
                break;
            case 3:
                result = Power(Power(value, 2), 2);
                break;
            default:
                result = 7;
                break;
        }

        results[i] = result;
    }

    [Fact]
    public void DivergentBranchesAndCalls_SameAsHost()
    {
        const int count = 96;
        float[] x = Floats(count);
        int[] kinds = [.. Enumerable.Range(0, count + 1).Select(_ => Random.Next(0, 6))];
        PtxMachine machine = Machine(Branches, count);
        DeviceArray results = machine.Allocate<float>(count);
        machine.Launch(1, count, machine.Upload(x), machine.Upload(kinds), results);
        float[] actual = results.ToArray<float>();
        for (int i = 0; i < count; i++)
        {
            float expected = kinds[i] switch
            {
                0 => Power(x[i], 3),
                1 => -x[i],
                2 => Enumerable.Range(0, kinds[i + 1] + 2).Aggregate(x[i], (sum, j) => sum + j),
                3 => Power(Power(x[i], 2), 2),
                _ => 7,
            };
            Same(expected, actual[i], $"kind {kinds[i]} of {x[i]}");
        }
    }

    private static void Vectors(ArrayView<Quad> x, ArrayView<float> results)
    {
        ArrayView<Quad> shared = SharedMemory.Allocate<Quad>(64);
        ArrayView<float> local = LocalMemory.Allocate<float>(4);
        long i = Group.IdxX;
        shared[i] = x[i];
        Group.Barrier();
        Quad other = shared[i ^ 5];
        local[0] = other.X;
        local[1] = other.Y;
        local[2] = other.Z;
        local[3] = other.W;
        for (int j = 0; j < 4; j++)
            results[i * 4 + j] = local[(j + (int)i) & 3];
    }

    [Fact]
    public void VectorsThroughSharedAndLocalMemory_Arrive()
    {
        float[] x = Floats(256);
        PtxMachine machine = Machine(Vectors, 64);
        DeviceArray results = machine.Allocate<float>(256);
        PtxCounters counters = machine.Launch(1, 64, machine.Upload(x), results);
        Assert.Equal(2, counters.Instructions("ld.global.v4.f32"));
        Assert.Equal(2, counters.Instructions("st.shared.v4.f32"));
        Assert.Equal(1, counters.Barriers);
        float[] actual = results.ToArray<float>();
        for (int i = 0; i < 256; i++)
            Assert.Equal(x[((i / 4) ^ 5) * 4 + ((i + i / 4) & 3)], actual[i]);
    }

    private static void Shuffles(ArrayView<float> x, ArrayView<float> results, ArrayView<int> counts)
    {
        int i = Group.IdxX;
        float value = x[i];

        // Threads part and meet again before the shuffles, in an order of ILGPU's choice.
        if (value > 0)
            value *= 3;
        else if (value < -0.5f)
            value -= x[(i + 1) % Group.DimX];
        for (int mask = 16; mask > 0; mask >>= 1)
            value += Warp.ShuffleXor(value, mask);
        results[i] = value;
        results[Group.DimX + i] = Warp.ShuffleDown(x[i], 3);
        results[2 * Group.DimX + i] = Warp.ShuffleUp(x[i], 2);
        results[3 * Group.DimX + i] = Warp.Shuffle(x[i], 5);
        counts[i] = Group.BarrierPopCount(x[i] > 0) + (Group.BarrierAnd(x[i] > -2) ? 1000 : 0) + (Group.BarrierOr(x[i] > 2) ? 5000 : 0);
    }

    [Fact]
    public void ShufflesAndReducingBarriers_SameAsHost()
    {
        const int count = 128;
        float[] x = Floats(count);
        PtxMachine machine = Machine(Shuffles, count);
        DeviceArray results = machine.Allocate<float>(4 * count);
        DeviceArray counts = machine.Allocate<int>(count);
        machine.Launch(1, count, machine.Upload(x), results, counts);
        float[] actual = results.ToArray<float>();
        float[] values = [.. x.Select((value, i) => value > 0 ? value * 3 : value < -0.5f ? value - x[(i + 1) % count] : value)];
        for (int mask = 16; mask > 0; mask >>= 1)
            values = [.. values.Select((value, i) => value + values[i ^ mask])];
        for (int i = 0; i < count; i++)
        {
            Same(values[i], actual[i], $"sum of thread {i}");
            Assert.Equal(x[i % 32 < 29 ? i + 3 : i], actual[count + i]);
            Assert.Equal(x[i % 32 >= 2 ? i - 2 : i], actual[2 * count + i]);
            Assert.Equal(x[i / 32 * 32 + 5], actual[3 * count + i]);
        }

        Assert.All(counts.ToArray<int>(), actualCount => Assert.Equal(x.Count(value => value > 0) + 1000, actualCount));
    }

    private static void Atomics(ArrayView<int> sums, ArrayView<float> floats)
    {
        int i = Group.IdxX;
        Atomic.Add(ref sums[0], i);
        Atomic.Max(ref sums[1], i);
        Atomic.Add(ref floats[i & 1], 0.5f);
        Atomic.CompareExchange(ref sums[2], 17, i);
    }

    [Fact]
    public void Atomics_OfManyBlocks_AddUp()
    {
        PtxMachine machine = Machine(Atomics, 64);
        DeviceArray sums = machine.Upload(new[] { 1, 0, 17 });
        DeviceArray floats = machine.Upload(new float[2]);
        machine.Launch((2, 3, 1), 64, sums, floats);
        Assert.Equal([1 + 6 * 63 * 32, 63, 0], sums.ToArray<int>());
        Assert.Equal([96f, 96f], floats.ToArray<float>());
    }

    [Fact]
    public void Votes_MatchesAndReductions_SameAsPtx()
    {
        PtxMachine machine = Assembly(
            """
            ld.global.u32 %r0, [%pa];
            setp.gt.s32 %p0, %r0, 3;
            vote.sync.ballot.b32 %r1, %p0, -1;
            st.global.u32 [%pb], %r1;
            match.any.sync.b32 %r2, %r0, 0xffffffff;
            st.global.u32 [%pc], %r2;
            redux.sync.add.s32 %r3, %r0, 0xffffffff;
            st.global.u32 [%pd], %r3;
            """);
        int[] x = [.. Enumerable.Range(0, 32).Select(_ => Random.Next(0, 8))];
        DeviceArray[] results = [.. Enumerable.Range(0, 3).Select(_ => machine.Allocate<uint>(32))];
        machine.Launch(1, 32, machine.Upload(x), results[0], results[1], results[2]);
        uint Mask(Func<int, bool> isIn) => Enumerable.Range(0, 32).Where(i => isIn(x[i])).Aggregate(0u, (mask, i) => mask | 1u << i);
        Assert.All(results[0].ToArray<uint>(), actual => Assert.Equal(Mask(value => value > 3), actual));
        Assert.Equal(x.Select(mine => Mask(value => value == mine)), results[1].ToArray<uint>());
        Assert.All(results[2].ToArray<int>(), actual => Assert.Equal(x.Sum(), actual));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Sum(ArrayView<float> values, int count)
    {
        float sum = 0;
        for (int i = 0; i < count; i++)
            sum += values[i];
        return sum;
    }

    private static void GenericViews(ArrayView<float> x, ArrayView<float> results)
    {
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        int i = Group.IdxX;
        shared[i] = x[i] * 2;
        Group.Barrier();
        results[i] = Sum(shared, i + 1) + Sum(x, i);
    }

    [Fact]
    public void ViewsOfDynamicSharedAndGlobalMemory_GoThroughOneFunction()
    {
        const int count = 32;
        float[] x = Floats(count);
        PtxMachine machine = Machine(GenericViews, count, new PtxOptions { DynamicSharedBytes = count * sizeof(float) });
        DeviceArray results = machine.Allocate<float>(count);
        machine.Launch(1, count, machine.Upload(x), results);
        float[] actual = results.ToArray<float>();
        for (int i = 0; i < count; i++)
        {
            float doubled = x.Take(i + 1).Aggregate(0f, (sum, value) => sum + value * 2);
            Same(doubled + x.Take(i).Aggregate(0f, (sum, value) => sum + value), actual[i], $"thread {i}");
        }

        PtxMachine small = Machine(GenericViews, count, new PtxOptions { DynamicSharedBytes = (count - 1) * sizeof(float) });
        Faults(PtxFault.SharedOutOfBounds, () => small.Launch(1, count, small.Upload(x), small.Allocate<float>(count)));
    }
}
