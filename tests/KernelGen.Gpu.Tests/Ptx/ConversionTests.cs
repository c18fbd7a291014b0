using ILGPU;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>Conversions and single opcodes, against C#'s or against what PTX says.</summary>
public sealed class ConversionTests(ITestOutputHelper output) : PtxRun(output)
{
    private const int Count = 256;

    private static void Kernel(ArrayView<int> ints, ArrayView<float> floats, ArrayView<double> doubles, ArrayView<long> longs, ArrayView<double> results)
    {
        long i = Group.IdxX;
        long n = ints.Length;
        results[i] = (float)ints[i];
        results[n + i] = (int)floats[i];
        results[2 * n + i] = (long)doubles[i];
        results[3 * n + i] = (float)longs[i];
        results[4 * n + i] = longs[i];
        results[5 * n + i] = (uint)ints[i];
        results[6 * n + i] = floats[i];
        results[7 * n + i] = (float)(ILGPU.Half)floats[i];
        results[8 * n + i] = (int)Interop.FloatAsInt(floats[i]);
    }

    [Fact]
    public void Ilgpu_SameAsHost()
    {
        int[] ints = Ints(Count);
        float[] floats = [.. Floats(Count).Select(x => x * 3e4f)];
        double[] doubles = [.. Floats(Count).Select(x => x * 1e15)];
        long[] longs = Longs(Count);
        PtxMachine machine = Machine(Kernel, Count);
        DeviceArray results = machine.Allocate<double>(9 * Count);
        machine.Launch(1, Count, machine.Upload(ints), machine.Upload(floats), machine.Upload(doubles), machine.Upload(longs), results);
        double[] actual = results.ToArray<double>();
        for (int i = 0; i < Count; i++)
        {
            double[] expected =
            [
                (float)ints[i], (int)floats[i], (long)doubles[i], (float)longs[i], longs[i], (uint)ints[i], floats[i], (float)(System.Half)floats[i],
                BitConverter.SingleToInt32Bits(floats[i]),
            ];
            for (int kind = 0; kind < expected.Length; kind++)
                Same(expected[kind], actual[kind * Count + i], $"conversion {kind} of {ints[i]}, {floats[i]:R}, {doubles[i]:R}, {longs[i]}");
        }
    }

    // ILGPU 1.5.3 folds the conversion of a choice of two integer constants to its bits: 1.4e-45 instead of 1. Kernels choose between floats instead.
    private static void FoldedChoice(ArrayView<float> x, ArrayView<float> wrong, ArrayView<float> right)
    {
        int i = Group.IdxX;
        bool isPositive = x[i] > 0;
        wrong[i] = isPositive ? 1 : 0;
        right[i] = isPositive ? 1f : 0f;
    }

    [Fact]
    public void Ilgpu_ChoiceOfFloats_IsRight()
    {
        float[] x = Floats(32);
        PtxMachine machine = Machine(FoldedChoice, 32);
        DeviceArray wrong = machine.Allocate<float>(32);
        DeviceArray right = machine.Allocate<float>(32);
        machine.Launch(1, 32, machine.Upload(x), wrong, right);
        Assert.Equal(x.Select(value => value > 0 ? 1f : 0f), right.ToArray<float>());
        Output.WriteLine($"an int's choice: {string.Join(' ', wrong.ToArray<float>().Distinct())}");
    }

    [Theory]
    [InlineData("cvt.rni.s32.f32 %r2, %f0;", 2.5f, 2)]
    [InlineData("cvt.rzi.s32.f32 %r2, %f0;", -2.7f, -2)]
    [InlineData("cvt.rmi.s32.f32 %r2, %f0;", -2.1f, -3)]
    [InlineData("cvt.rpi.s32.f32 %r2, %f0;", 2.1f, 3)]
    [InlineData("cvt.rzi.s32.f32 %r2, %f0;", 3e10f, int.MaxValue)]
    [InlineData("cvt.rzi.u32.f32 %r2, %f0;", -3f, 0)]
    [InlineData("cvt.rzi.s32.f32 %r2, %f0;", float.NaN, 0)]
    [InlineData("cvt.rzi.u8.f32 %h0, %f0; cvt.u32.u8 %r2, %h0;", 300f, 255)]
    [InlineData("cvt.rzi.s8.f32 %h0, %f0; cvt.s32.s16 %r2, %h0;", -3f, -3)]
    [InlineData("cvt.rn.f16.f32 %h0, %f0; cvt.u32.u16 %r2, %h0;", 1f, 0x3c00)]
    [InlineData("cvt.rn.bf16.f32 %h0, %f0; cvt.u32.u16 %r2, %h0;", 1.00390625f, 0x3f80)]
    [InlineData("cvt.rn.bf16x2.f32 %r2, %f0, 0f40000000;", 1f, 0x3f804000)]
    [InlineData("cvt.rna.tf32.f32 %r2, %f0;", 1.00048828125f, 0x3f802000)]
    [InlineData("add.ftz.f32 %f1, %f0, 0f00000000; mov.b32 %r2, %f1;", 1e-40f, 0)]
    [InlineData("add.sat.f32 %f1, %f0, 0f3F800000; mov.b32 %r2, %f1;", 4f, 0x3f800000)]
    [InlineData("mov.b32 %r0, %f0; bfe.u32 %r2, %r0, 23, 8;", 1f, 127)]
    [InlineData("mov.b32 %r0, %f0; bfe.s32 %r2, %r0, 23, 8;", -1f, 127)]
    [InlineData("mov.b32 %r0, 5; bfi.b32 %r2, %r0, 0, 4, 3;", 0f, 80)]
    [InlineData("mov.b32 %r0, 0x01020304; prmt.b32 %r2, %r0, 0, 0x0123;", 0f, 0x04030201)]
    [InlineData("brev.b32 %r2, 1;", 0f, int.MinValue)]
    [InlineData("mov.b32 %r0, 12; lop3.b32 %r2, %r0, 10, 6, 0x96;", 0f, 12 ^ 10 ^ 6)]
    [InlineData("mov.b32 %r0, 0x80000001; shf.l.wrap.b32 %r2, %r0, %r0, 4;", 0f, 0x18)]
    [InlineData("mov.b32 %r0, 7; shl.b32 %r2, %r0, 40;", 0f, 0)]
    [InlineData("mov.b32 %r0, -7; shr.s32 %r2, %r0, 40;", 0f, -1)]
    [InlineData("mul.hi.s32 %r2, 0x40000000, -8;", 0f, -2)]
    [InlineData("mov.b64 %l0, {3, 4}; mov.b64 {%r0, %r1}, %l0; mad.lo.s32 %r2, %r0, 10, %r1;", 0f, 34)]
    [InlineData("setp.neu.f32 %p0, %f0, %f0; selp.b32 %r2, 1, 0, %p0;", float.NaN, 1)]
    [InlineData("setp.ne.f32 %p0, %f0, %f0; selp.b32 %r2, 1, 0, %p0;", float.NaN, 0)]
    [InlineData("setp.lt.f32 %p0|%p1, %f0, 0f00000000; selp.b32 %r2, 1, 0, %p1;", float.NaN, 1)]
    [InlineData("copysign.f32 %f1, %f0, 0f40400000; cvt.rzi.s32.f32 %r2, %f1;", -1f, -3)]
    [InlineData("min.NaN.f32 %f1, %f0, 0f40400000; testp.notanumber.f32 %p0, %f1; selp.b32 %r2, 1, 0, %p0;", float.NaN, 1)]
    [InlineData("slct.b32.s32 %r2, 8, 9, -1;", 0f, 9)]
    [InlineData("cvt.rz.f32.s32 %f1, 0x7fffffff; mov.b32 %r2, %f1;", 0f, 0x4effffff)]
    [InlineData("cvta.shared.u64 %l0, 0; cvta.to.shared.u64 %l0, %l0; cvt.u32.u64 %r2, %l0;", 0f, 0)]
    public void Opcode_GivesWhatPtxSays(string body, float operand, int expected)
    {
        PtxMachine machine = Assembly($"ld.global.f32 %f0, [%pa]; {body} st.global.b32 [%pd], %r2;");
        DeviceArray results = machine.Allocate<int>(32);
        DeviceArray operands = machine.Upload(Enumerable.Repeat(operand, 32).ToArray());
        machine.Launch(1, 32, operands, operands, operands, results);
        Assert.All(results.ToArray<int>(), actual => Assert.Equal(expected, actual));
    }

    [Fact]
    public void Approximations_StayWithinTheirErrors()
    {
        float[] x = [.. Floats(32).Select(value => Math.Abs(value) + 0.1f)];
        foreach (PtxApproximation approximation in Enum.GetValues<PtxApproximation>())
        {
            PtxMachine machine = Assembly(
                "ld.global.f32 %f0, [%pa]; ex2.approx.f32 %f1, %f0; st.global.f32 [%pb], %f1; rsqrt.approx.f32 %f2, %f0; st.global.f32 [%pc], %f2; tanh.approx.f32 %f3, %f0; st.global.f32 [%pd], %f3;",
                options: new PtxOptions { Approximation = approximation });
            DeviceArray[] results = [.. Enumerable.Range(0, 3).Select(_ => machine.Allocate<float>(32))];
            machine.Launch(1, 32, machine.Upload(x), results[0], results[1], results[2]);
            Func<double, double>[] exact = [value => Math.Pow(2, value), value => 1 / Math.Sqrt(value), Math.Tanh];
            double[] bounds = [Math.ScaleB(1, -22), Math.ScaleB(1, -22), Math.ScaleB(1, -11)];
            for (int kind = 0; kind < 3; kind++)
            {
                double[] errors = [.. results[kind].ToArray<float>().Select((value, i) => value / exact[kind](x[i]) - 1)];
                double slack = Math.ScaleB(1, -23);
                Assert.All(errors, error => Assert.InRange(error, -bounds[kind] - slack, bounds[kind] + slack));
                if (approximation == PtxApproximation.Low)
                    Assert.All(errors, error => Assert.True(error <= -bounds[kind] + slack));
            }
        }
    }

    [Fact]
    public void FusedMultiplyAdd_IsAskedForAndExact()
    {
        (float[] x, float[] y, float[] z) = (AnyFloats(32), AnyFloats(32), AnyFloats(32));
        const string body = "ld.global.f32 %f0, [%pa]; ld.global.f32 %f1, [%pb]; ld.global.f32 %f2, [%pc];";
        (string Text, bool IsFused, Func<int, float> Expected)[] cases =
        [
            ("mul.f32 %f3, %f0, %f1; add.f32 %f4, %f3, %f2;", true, i => MathF.FusedMultiplyAdd(x[i], y[i], z[i])),
            ("mul.f32 %f3, %f0, %f1; add.f32 %f4, %f3, %f2;", false, i => x[i] * y[i] + z[i]),
            ("mul.rn.f32 %f3, %f0, %f1; add.f32 %f4, %f3, %f2;", true, i => x[i] * y[i] + z[i]),
            ("mul.f32 %f3, %f0, %f1; sub.f32 %f4, %f2, %f3;", true, i => MathF.FusedMultiplyAdd(-x[i], y[i], z[i])),
            ("mul.f32 %f3, %f0, %f1; sub.f32 %f4, %f3, %f2;", true, i => MathF.FusedMultiplyAdd(x[i], y[i], -z[i])),
            ("mul.f32 %f3, %f0, %f1; mov.f32 %f0, %f1; add.f32 %f4, %f3, %f2;", true, i => x[i] * y[i] + z[i]),
            ("fma.rn.f32 %f4, %f0, %f1, %f2;", false, i => MathF.FusedMultiplyAdd(x[i], y[i], z[i])),
            ("mad.rn.f32 %f4, %f0, %f1, %f2;", false, i => MathF.FusedMultiplyAdd(x[i], y[i], z[i])),
        ];
        foreach ((string text, bool isFused, Func<int, float> expected) in cases)
        {
            PtxMachine machine = Assembly($"{body} {text} st.global.f32 [%pd], %f4;", options: new PtxOptions { FuseMultiplyAdd = isFused });
            DeviceArray results = machine.Allocate<float>(32);
            machine.Launch(1, 32, machine.Upload(x), machine.Upload(y), machine.Upload(z), results);
            float[] actual = results.ToArray<float>();
            for (int i = 0; i < 32; i++)
                Same(expected(i), actual[i], $"{text} of {x[i]:R}, {y[i]:R}, {z[i]:R}");
        }
    }

    [Theory]
    [InlineData("frobnicate.f32 %f1, %f0;", "unknown opcode 'frobnicate'")]
    [InlineData("add.rz.f32 %f1, %f0, %f0;", "unknown modifier '.rz'")]
    [InlineData("mma.sync.aligned.m8n8k4.row.col.f32.f16.f16.f32 {%f0}, {%r0}, {%r1}, {%f0};", "no such product")]
    [InlineData("bra NOWHERE;", "no label")]
    public void Unknown_IsRefusedWithItsLine(string body, string reason)
    {
        PtxSyntaxException exception = Assert.Throws<PtxSyntaxException>(() =>
        {
            PtxMachine machine = Assembly(body);
            DeviceArray array = machine.Allocate<float>(32);
            machine.Launch(1, 32, array, array, array, array);
        });
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Contains(body.TrimEnd(';')[..10], exception.Message, StringComparison.Ordinal);
    }
}
