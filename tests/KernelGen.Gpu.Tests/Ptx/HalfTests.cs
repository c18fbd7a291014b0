using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>16-bit numbers in the interpreter: memory, pairs in a word, and conversions.</summary>
public sealed class HalfTests(ITestOutputHelper output) : PtxRun(output)
{
    private const int Threads = 1024;

    [Theory]
    [InlineData("ld.global.u16 %h0, [%pa]; st.shared.u16 [%r7], %h0; ld.shared.b16 %h1, [%r7]; st.global.b16 [%pd], %h1;", 2)]
    [InlineData("ld.global.v2.b16 {%h0, %h1}, [%pa]; st.shared.v2.u16 [%r7], {%h0, %h1}; ld.shared.v2.b16 {%h2, %h3}, [%r7]; st.global.v2.b16 [%pd], {%h2, %h3};", 4)]
    [InlineData("ld.global.v4.u16 {%h0, %h1, %h2, %h3}, [%pa]; st.shared.v4.b16 [%r7], {%h0, %h1, %h2, %h3}; ld.shared.v2.b32 {%r0, %r1}, [%r7]; st.global.v2.b32 [%pd], {%r0, %r1};", 8)]
    [InlineData("ld.global.v4.b32 {%r0, %r1, %r2, %r3}, [%pa]; st.shared.v4.b32 [%r7], {%r0, %r1, %r2, %r3}; ld.shared.v4.b32 {%r0, %r1, %r2, %r3}, [%r7]; st.global.v4.b32 [%pd], {%r0, %r1, %r2, %r3};", 16)]
    [InlineData("ld.global.b32 %r0, [%pa]; mov.b32 {%h0, %h1}, %r0; st.shared.b16 [%r7+2], %h1; st.shared.b16 [%r7], %h0; ld.shared.b32 %r1, [%r7]; st.global.b32 [%pd], %r1;", 4)]
    [InlineData("ld.global.v2.b16 {%h0, %h1}, [%pa]; mov.b32 %r0, {%h0, %h1}; mov.b32 {_, %h3}, %r0; mov.b32 {%h2, _}, %r0; mov.b32 %r1, {%h2, %h3}; st.global.b32 [%pd], %r1;", 4)]
    public void Words_OfAllWidths_ComeBack(string body, int size)
    {
        PtxMachine machine = Assembly($".shared .align 16 .b8 tile[512]; mov.u32 %r7, tile; mad.lo.u32 %r7, %t, {size}, %r7; {body}", size);
        byte[] bytes = new byte[32 * size];
        Random.NextBytes(bytes);
        DeviceArray source = machine.Upload(bytes);
        DeviceArray results = machine.Allocate<byte>(bytes.Length);
        PtxCounters counters = machine.Launch(1, 32, source, source, source, results);
        Assert.Equal(bytes, results.ToArray<byte>());
        Assert.Equal(1, source.Traffic.ReadFactor);
        Assert.Equal(1, results.Traffic.WriteFactor);
        Assert.All(counters.ByLine.Values, line => Assert.Equal(1, line.Ratio));
    }

    [Fact]
    public void SignedLoadOf16Bits_FillsTheRegister()
    {
        PtxMachine machine = Assembly("ld.global.s16 %r0, [%pa]; st.global.b32 [%pd], %r0;");
        DeviceArray results = machine.Allocate<int>(32);
        DeviceArray source = machine.Upload(Enumerable.Repeat(0x1234_8001, 32).ToArray());
        machine.Launch(1, 32, source, source, source, results);
        Assert.All(results.ToArray<int>(), actual => Assert.Equal(unchecked((int)0xffff_8001), actual));
    }

    [Theory]
    [InlineData("cvt.rn.f16.f32 %h0, %f0; cvt.rn.f16.f32 %h1, %f1; mov.b32 %r0, {%h0, %h1};", true)]
    [InlineData("cvt.rn.f16x2.f32 %r0, %f1, %f0;", true)]
    [InlineData("cvt.rn.bf16.f32 %h0, %f0; cvt.rn.bf16.f32 %h1, %f1; mov.b32 %r0, {%h0, %h1};", false)]
    [InlineData("cvt.rn.bf16x2.f32 %r0, %f1, %f0;", false)]
    public void Narrowing_TakesTheNearestEven(string body, bool isHalf)
    {
        float[] first = Edges(isHalf);
        float[] second = [.. first.Reverse()];
        PtxMachine machine = Assembly($"ld.global.f32 %f0, [%pa]; ld.global.f32 %f1, [%pb]; {body} st.global.b32 [%pd], %r0;");
        DeviceArray results = machine.Allocate<uint>(Threads);
        DeviceArray firsts = machine.Upload(first);
        machine.Launch(1, Threads, firsts, machine.Upload(second), firsts, results);
        uint[] actual = results.ToArray<uint>();
        for (int i = 0; i < Threads; i++)
        {
            Same(NarrowReference.Round(first[i], isHalf), NarrowReference.Widen((ushort)actual[i], isHalf), $"lower half of {first[i]:R}");
            Same(NarrowReference.Round(second[i], isHalf), NarrowReference.Widen((ushort)(actual[i] >> 16), isHalf), $"upper half of {second[i]:R}");
        }
    }

    [Theory]
    [InlineData("cvt.f32.f16 %f0, %h0;", true)]
    [InlineData("cvt.f32.bf16 %f0, %h0;", false)]
    [InlineData("mov.b16 %h1, 0; mov.b32 %r0, {%h1, %h0}; mov.b32 %f0, %r0;", false)]
    public void Widening_IsExactForEveryNumber(string body, bool isHalf)
    {
        PtxMachine machine = Assembly(
            $"mov.b32 %r1, %ctaid.x; mad.lo.u32 %r1, %r1, {Threads}, %t; cvt.u16.u32 %h0, %r1; {body} mul.wide.u32 %l0, %r1, 4; ld.param.u64 %l1, [d]; add.u64 %l1, %l1, %l0; st.global.f32 [%l1], %f0;");
        DeviceArray results = machine.Allocate<float>(65536);
        machine.Launch(65536 / Threads, Threads, results, results, results, results);
        float[] actual = results.ToArray<float>();
        for (int i = 0; i < actual.Length; i++)
            Same(NarrowReference.Widen((ushort)i, isHalf), actual[i], $"{i:x4}");
    }

    /// <summary>Numbers of a format, halves between neighbours, and their neighbours in single precision, over all magnitudes.</summary>
    private float[] Edges(bool isHalf)
    {
        float[] edges = AnyFloats(Threads);
        for (int i = 0; i < Threads; i += 2)
        {
            ushort bits = (ushort)Random.Next(65536);
            float low = NarrowReference.Widen(bits, isHalf);
            float high = NarrowReference.Widen((ushort)(bits + 1), isHalf);
            float middle = (float)(((double)low + high) / 2);
            edges[i] = (i / 2 % 4) switch { 0 => low, 1 => middle, 2 => MathF.BitIncrement(middle), _ => MathF.BitDecrement(middle) };
        }

        return edges;
    }
}
