using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>Which thread holds which element of a matrix product, how its terms are added, and that no thread may be missing.</summary>
public sealed class MatrixFragmentTests(ITestOutputHelper output) : PtxRun(output)
{
    private const string Load = "ld.global.v4.b32 {%r0, %r1, %r2, %r3}, [%pa]; ld.global.v2.b32 {%r4, %r5}, [%pb]; ld.global.v4.f32 {%f0, %f1, %f2, %f3}, [%pc];";
    private const string Store = "st.global.v4.f32 [%pd], {%f0, %f1, %f2, %f3};";

    public static TheoryData<string> Types => ["f16", "bf16"];

    // One in one place of A and in one of B: the product is one in one place, or nowhere. The places are those of the PTX ISA's formulas, written out.
    [Theory]
    [MemberData(nameof(Types))]
    public void Fragments_LieWhereTheManualSays(string type)
    {
        PtxMachine machine = Assembly($"{Load} {Product(type)} {Store}", 16);
        ushort one = type == "f16" ? (ushort)0x3c00 : (ushort)0x3f80;
        for (int trial = 0; trial < 64; trial++)
        {
            (int lane, int i, int otherLane, int j) = (Random.Next(32), Random.Next(8), Random.Next(32), Random.Next(4));
            if (trial % 2 == 0)
                (otherLane, j) = (otherLane / 4 * 4 + lane % 4, (i >= 4 ? 2 : 0) + i % 2);
            int row = i is 0 or 1 or 4 or 5 ? lane / 4 : lane / 4 + 8;
            int k = lane % 4 * 2 + i % 2 + (i < 4 ? 0 : 8);
            int otherK = otherLane % 4 * 2 + j % 2 + (j < 2 ? 0 : 8);
            int column = otherLane / 4;
            ushort[] a = new ushort[32 * 8];
            ushort[] b = new ushort[32 * 8];
            a[lane * 8 + i] = one;
            b[otherLane * 8 + j] = one;
            DeviceArray results = machine.Allocate<float>(128);
            PtxCounters counters = machine.Launch(1, 32, machine.Upload(a), machine.Upload(b), machine.Upload(new float[128]), results);
            float[] actual = results.ToArray<float>();
            for (int at = 0; at < 128; at++)
            {
                (int l, int c) = (at / 4, at % 4);
                bool isThere = k == otherK && row == (c < 2 ? l / 4 : l / 4 + 8) && column == l % 4 * 2 + c % 2;
                Assert.Equal(isThere ? 1 : 0, actual[at]);
            }

            Assert.Equal(1, counters.MatrixProducts);
        }
    }

    [Theory]
    [InlineData("setp.ne.u32 %p0, %t, 13; @!%p0 bra END;", 13)]
    [InlineData("setp.ne.u32 %p0, %t, 31; @!%p0 ret;", 31)]
    [InlineData("setp.lt.u32 %p0, %t, 16; @!%p0 bra END;", 16)]
    public void Product_WithoutAThread_IsFound(string leave, int missing)
    {
        PtxMachine machine = Assembly($"{Load} {leave} {Product("f16")} END: {Store}", 16);
        DeviceArray zeros = machine.Upload(new uint[128]);
        DeviceArray results = machine.Allocate<float>(128);
        PtxFaultException fault = Faults(PtxFault.WarpDivergence, () => machine.Launch(1, 32, zeros, zeros, zeros, results));
        Assert.Equal(missing, fault.Thread);
        Assert.Contains("mma.sync", fault.Instruction, StringComparison.Ordinal);
    }

    [Fact]
    public void Product_UnderAPredicateOfSomeThreads_IsFound()
    {
        PtxMachine machine = Assembly($"{Load} setp.ne.u32 %p0, %t, 5; @%p0 {Product("bf16")} {Store}", 16);
        DeviceArray zeros = machine.Upload(new uint[128]);
        Faults(PtxFault.WarpDivergence, () => machine.Launch(1, 32, zeros, zeros, zeros, machine.Allocate<float>(128)));
    }

    [Fact]
    public void Product_OfAnUnfinishedWarp_IsFound()
    {
        PtxMachine machine = Assembly($"{Load} {Product("bf16")} {Store}", 16);
        DeviceArray zeros = machine.Upload(new uint[128]);
        Assert.Equal(20, Faults(PtxFault.WarpDivergence, () => machine.Launch(1, 20, zeros, zeros, zeros, machine.Allocate<float>(128))).Thread);
    }

    [Fact]
    public void MatrixLoad_WithoutAThread_IsFound()
    {
        const string body = "mov.u32 %r4, tile; mad.lo.u32 %r4, %t, 16, %r4; st.shared.v4.b32 [%r4], {%t, %t, %t, %t}; bar.sync 0; setp.ne.u32 %p0, %t, 3; @!%p0 bra END;";
        PtxMachine machine = Assembly(
            $".shared .align 16 .b8 tile[512]; {body} ldmatrix.sync.aligned.m8n8.x4.shared.b16 {{%r0, %r1, %r2, %r3}}, [%r4]; END: bar.sync 0;");
        DeviceArray array = machine.Upload(new uint[32]);
        Assert.Equal(3, Faults(PtxFault.WarpDivergence, () => machine.Launch(1, 32, array, array, array, array)).Thread);
    }

    // Each thread names the row that it wrote itself; the elements go to others.
    [Theory]
    [InlineData("", "", PtxFault.SharedRace)]
    [InlineData("", ".trans", PtxFault.SharedRace)]
    [InlineData("bar.warp.sync -1;", "", null)]
    [InlineData("bar.sync 0;", ".trans", null)]
    public void MatrixLoad_OfWhatOtherThreadsWrote_NeedsABarrier(string barrier, string modifier, PtxFault? fault)
    {
        PtxMachine machine = Assembly(
            $$"""
            .shared .align 16 .b8 tile[512];
            mov.u32 %r4, tile;
            mad.lo.u32 %r4, %t, 16, %r4;
            st.shared.v4.b32 [%r4], {%t, %t, %t, %t};
            {{barrier}}
            ldmatrix.sync.aligned.m8n8.x4{{modifier}}.shared.b16 {%r0, %r1, %r2, %r3}, [%r4];
            """);
        DeviceArray array = machine.Upload(new uint[32]);
        if (fault is { } expected)
            Faults(expected, () => machine.Launch(1, 32, array, array, array, array));
        else
            Assert.Equal(1, machine.Launch(1, 32, array, array, array, array).SharedLoads.Ratio);
    }

    // 2^24 + 1 has no 24 bits: the exact sum of the ones counts, what is cut off at 2^24's last bit does not.
    [Theory]
    [InlineData(PtxMatrixSum.Nearest, 16777216f, 1f, 16777232f)]
    [InlineData(PtxMatrixSum.Truncated, 16777216f, 1f, 16777216f)]
    [InlineData(PtxMatrixSum.Truncated, 16777216f, 2f, 16777248f)]
    [InlineData(PtxMatrixSum.Truncated, -16777216f, -1f, -16777216f)]
    [InlineData(PtxMatrixSum.Truncated, 0f, 0.5f, 8f)]
    [InlineData(PtxMatrixSum.Truncated, float.PositiveInfinity, 1f, float.PositiveInfinity)]
    public void Sums_AreExactOrCutOff(PtxMatrixSum kind, float c, float product, float expected)
    {
        PtxMachine machine = Assembly($"{Load} {Product("f16")} {Store}", 16, new PtxOptions { MatrixSum = kind });
        DeviceArray a = machine.Upload(Enumerable.Repeat((System.Half)product, 256).ToArray());
        DeviceArray b = machine.Upload(Enumerable.Repeat((System.Half)1, 256).ToArray());
        DeviceArray results = machine.Allocate<float>(128);
        machine.Launch(1, 32, a, b, machine.Upload(Enumerable.Repeat(c, 128).ToArray()), results);
        Assert.All(results.ToArray<float>(), actual => Assert.Equal(expected, actual));
    }

    private static string Product(string type) =>
        $"mma.sync.aligned.m16n8k16.row.col.f32.{type}.{type}.f32 {{%f0, %f1, %f2, %f3}}, {{%r0, %r1, %r2, %r3}}, {{%r4, %r5}}, {{%f0, %f1, %f2, %f3}};";
}
