using ILGPU;
using ILGPU.Runtime.Cuda;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>Tensor-core products through inline assembly, and the loads that feed them.</summary>
public sealed class MatrixTests(ITestOutputHelper output) : PtxRun(output)
{
    private const string Tf32 =
        "{ .reg .b32 x0,x1,x2,x3,y0,y1; cvt.rna.tf32.f32 x0, %4; cvt.rna.tf32.f32 x1, %5; cvt.rna.tf32.f32 x2, %6; cvt.rna.tf32.f32 x3, %7; "
        + "cvt.rna.tf32.f32 y0, %8; cvt.rna.tf32.f32 y1, %9; "
        + "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {x0,x1,x2,x3}, {y0,y1}, {%0,%1,%2,%3}; }";

    private const string F16 =
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};";

    private const string Bf16 =
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};";

    // a is 16 x 8 by rows, b is 8 x 8 by columns.
    private static void MultiplyTf32(ArrayView<float> a, ArrayView<float> b, ArrayView<float> d)
    {
        int lane = Group.IdxX;
        int group = lane >> 2;
        int place = lane & 3;
        if (CudaAsm.IsSupported)
        {
            Ref<float> d0 = d[group * 8 + 2 * place];
            Ref<float> d1 = d[group * 8 + 2 * place + 1];
            Ref<float> d2 = d[(group + 8) * 8 + 2 * place];
            Ref<float> d3 = d[(group + 8) * 8 + 2 * place + 1];
            Input<float> a0 = a[group * 8 + place];
            Input<float> a1 = a[(group + 8) * 8 + place];
            Input<float> a2 = a[group * 8 + place + 4];
            Input<float> a3 = a[(group + 8) * 8 + place + 4];
            Input<float> b0 = b[group * 8 + place];
            Input<float> b1 = b[group * 8 + place + 4];
            CudaAsm.EmitRef(Tf32, ref d0, ref d1, ref d2, ref d3, ref a0, ref a1, ref a2, ref a3, ref b0, ref b1);
            d[group * 8 + 2 * place] = d0.Value;
            d[group * 8 + 2 * place + 1] = d1.Value;
            d[(group + 8) * 8 + 2 * place] = d2.Value;
            d[(group + 8) * 8 + 2 * place + 1] = d3.Value;
        }
        else
        {
            d[lane] = 0;
        }
    }

    // a is 16 x 16 by rows, b is 16 x 8 by columns, two elements a word.
    private static void MultiplyF16(ArrayView<uint> a, ArrayView<uint> b, ArrayView<float> d)
    {
        int lane = Group.IdxX;
        int group = lane >> 2;
        int place = lane & 3;
        if (CudaAsm.IsSupported)
        {
            Ref<float> d0 = d[group * 8 + 2 * place];
            Ref<float> d1 = d[group * 8 + 2 * place + 1];
            Ref<float> d2 = d[(group + 8) * 8 + 2 * place];
            Ref<float> d3 = d[(group + 8) * 8 + 2 * place + 1];
            Input<uint> a0 = a[group * 8 + place];
            Input<uint> a1 = a[(group + 8) * 8 + place];
            Input<uint> a2 = a[group * 8 + place + 4];
            Input<uint> a3 = a[(group + 8) * 8 + place + 4];
            Input<uint> b0 = b[group * 8 + place];
            Input<uint> b1 = b[group * 8 + place + 4];
            CudaAsm.EmitRef(F16, ref d0, ref d1, ref d2, ref d3, ref a0, ref a1, ref a2, ref a3, ref b0, ref b1);
            d[group * 8 + 2 * place] = d0.Value;
            d[group * 8 + 2 * place + 1] = d1.Value;
            d[(group + 8) * 8 + 2 * place] = d2.Value;
            d[(group + 8) * 8 + 2 * place + 1] = d3.Value;
        }
        else
        {
            d[lane] = 0;
        }
    }

    private static void MultiplyBf16(ArrayView<uint> a, ArrayView<uint> b, ArrayView<float> d)
    {
        int lane = Group.IdxX;
        int group = lane >> 2;
        int place = lane & 3;
        if (CudaAsm.IsSupported)
        {
            Ref<float> d0 = d[group * 8 + 2 * place];
            Ref<float> d1 = d[group * 8 + 2 * place + 1];
            Ref<float> d2 = d[(group + 8) * 8 + 2 * place];
            Ref<float> d3 = d[(group + 8) * 8 + 2 * place + 1];
            Input<uint> a0 = a[group * 8 + place];
            Input<uint> a1 = a[(group + 8) * 8 + place];
            Input<uint> a2 = a[group * 8 + place + 4];
            Input<uint> a3 = a[(group + 8) * 8 + place + 4];
            Input<uint> b0 = b[group * 8 + place];
            Input<uint> b1 = b[group * 8 + place + 4];
            CudaAsm.EmitRef(Bf16, ref d0, ref d1, ref d2, ref d3, ref a0, ref a1, ref a2, ref a3, ref b0, ref b1);
            d[group * 8 + 2 * place] = d0.Value;
            d[group * 8 + 2 * place + 1] = d1.Value;
            d[(group + 8) * 8 + 2 * place] = d2.Value;
            d[(group + 8) * 8 + 2 * place + 1] = d3.Value;
        }
        else
        {
            d[lane] = 0;
        }
    }

    [Fact]
    public void Tf32_Product_IsAsGoodAsItsOperands()
    {
        (float[] a, float[] b, float[] c) = (Floats(16 * 8), Floats(8 * 8), Floats(16 * 8));
        PtxMachine machine = Machine(MultiplyTf32, 32);
        DeviceArray d = machine.Upload(c);
        machine.Launch(1, 32, machine.Upload(a), machine.Upload(b), d);
        Check(a, b, c, d.ToArray<float>(), 8, 8 * 2 * Math.ScaleB(1, -11));
    }

    [Fact]
    public void F16_Product_IsExactButForOneRounding()
    {
        System.Half[] a = [.. Floats(16 * 16).Select(x => (System.Half)x)];
        System.Half[] b = [.. Floats(16 * 8).Select(x => (System.Half)x)];
        float[] c = Floats(16 * 8);
        PtxMachine machine = Machine(MultiplyF16, 32);
        DeviceArray d = machine.Upload(c);
        machine.Launch(1, 32, machine.Upload(a), machine.Upload(b), d);
        Check([.. a.Select(x => (float)x)], [.. b.Select(x => (float)x)], c, d.ToArray<float>(), 16, 8 * Math.ScaleB(1, -24));
    }

    [Fact]
    public void Bf16_Product_IsExactButForOneRounding()
    {
        static ushort[] Upper(float[] values) => [.. values.Select(x => (ushort)(BitConverter.SingleToUInt32Bits(x) >> 16))];
        static float[] Widened(ushort[] values) => [.. values.Select(x => BitConverter.UInt32BitsToSingle((uint)x << 16))];
        ushort[] a = Upper(Floats(16 * 16));
        ushort[] b = Upper(Floats(16 * 8));
        float[] c = Floats(16 * 8);
        PtxMachine machine = Machine(MultiplyBf16, 32);
        DeviceArray d = machine.Upload(c);
        machine.Launch(1, 32, machine.Upload(a), machine.Upload(b), d);
        Check(Widened(a), Widened(b), c, d.ToArray<float>(), 16, 8 * Math.ScaleB(1, -24));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(".trans", true)]
    public void AsynchronousCopyAndMatrixLoad_GiveFragments(string modifier, bool isTransposed)
    {
        // Four 8 x 8 matrices of 16 bits, one after the other; each thread copies 16 bytes and names one row.
        PtxMachine machine = Assembly(CopyThenLoad("cp.async.wait_group 0; bar.sync 0;", modifier), 16);
        ushort[] x = [.. Enumerable.Range(0, 256).Select(i => (ushort)i)];
        DeviceArray results = machine.Allocate<ushort>(256);
        DeviceArray source = machine.Upload(x);
        PtxCounters counters = machine.Launch(1, 32, source, source, source, results);
        ushort[] actual = results.ToArray<ushort>();
        for (int lane = 0; lane < 32; lane++)
        {
            for (int matrix = 0; matrix < 4; matrix++)
            {
                for (int i = 0; i < 2; i++)
                {
                    (int row, int column) = (lane / 4, 2 * (lane % 4) + i);
                    int expected = matrix * 64 + (isTransposed ? column * 8 + row : row * 8 + column);
                    Assert.Equal(expected, actual[(lane * 4 + matrix) * 2 + i]);
                }
            }
        }

        Assert.Equal(1, counters.SharedLoads.Ratio);
        Assert.Equal(1, source.Traffic.ReadFactor);
    }

    [Theory]
    [InlineData("bar.sync 0;")]
    [InlineData("cp.async.wait_group 1; bar.sync 0;")]
    public void AsynchronousCopy_ThatNobodyWaitsFor_IsFound(string wait)
    {
        PtxMachine machine = Assembly(CopyThenLoad(wait, ""), 16);
        DeviceArray source = machine.Upload(new ushort[256]);
        Faults(PtxFault.PendingCopy, () => machine.Launch(1, 32, source, source, source, machine.Allocate<ushort>(256)));
    }

    private static string CopyThenLoad(string wait, string modifier) =>
        $$"""
        .shared .align 16 .b8 tile[512];
        mov.u64 %l0, tile;
        cvt.u32.u64 %r4, %l0;
        mad.lo.u32 %r4, %t, 16, %r4;
        cp.async.cg.shared.global [%r4], [%pa], 16;
        cp.async.commit_group;
        {{wait}}
        ldmatrix.sync.aligned.m8n8.x4{{modifier}}.shared.b16 {%r0, %r1, %r2, %r3}, [%r4];
        st.global.v4.b32 [%pd], {%r0, %r1, %r2, %r3};
        """;

    private static void Check(float[] a, float[] b, float[] c, float[] actual, int depth, double tolerance)
    {
        for (int row = 0; row < 16; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                double expected = c[row * 8 + column];
                for (int k = 0; k < depth; k++)
                    expected += (double)a[row * depth + k] * b[column * depth + k];
                Assert.InRange(actual[row * 8 + column], expected - tolerance, expected + tolerance);
            }
        }
    }
}
