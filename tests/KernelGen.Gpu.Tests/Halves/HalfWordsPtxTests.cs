using KernelGen.Gpu.Tests.Ptx;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>16-bit numbers as the PTX that CUDA would get, by whole-number arithmetic and by single instructions: the same bits.</summary>
public sealed class HalfWordsPtxTests(ITestOutputHelper output) : PtxRun(output)
{
    private const int Threads = 256;
    private const int Blocks = 64;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pack_TakesTheNearestEven(bool isTensorCore)
    {
        float[] x = HalfWordsRun.Numbers(2 * Threads * Blocks, Random.Next());
        PtxMachine machine = Machine(isTensorCore ? HalfWordsRun.Pack<OnTensorCore> : HalfWordsRun.Pack<OnThreads>, Threads);
        DeviceArray words = machine.Allocate<int>(x.Length);
        machine.Launch(Blocks, Threads, machine.Upload(x), words);
        Assert.Null(HalfWordsRun.WrongPacks(x, words.ToArray<int>()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Widen_IsExactForEveryNumber(bool isTensorCore)
    {
        // Every number once in either half.
        int[] words = [.. Enumerable.Range(0, 65536).Select(i => i | (65535 - i) << 16)];
        PtxMachine machine = Machine(isTensorCore ? HalfWordsRun.Widen<OnTensorCore> : HalfWordsRun.Widen<OnThreads>, Threads);
        DeviceArray x = machine.Allocate<float>(HalfWordsRun.Widened * words.Length);
        machine.Launch(words.Length / Threads, Threads, machine.Upload(words), x);
        Assert.Null(HalfWordsRun.WrongNumbers(words, x.ToArray<float>()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Split_HasSixteenBitsAndASign(bool isFloat16)
    {
        // Away from infinity, and from where the rest would be subnormal; of float16 all that have 11 bits.
        float[] x = [.. Enumerable.Range(0, 2 * Threads * Blocks).Select(i => isFloat16
            ? NarrowReference.Widen((ushort)((i & 0x83ff) | (1 + (i * 7 % 30) << 10)), isHalf: true)
            : BitConverter.Int32BitsToSingle(Random.Next(0x0800_0000, 0x7f00_0000) | Random.Next(2) << 31))];
        PtxMachine machine = Machine(HalfWordsRun.Split, Threads);
        DeviceArray words = machine.Allocate<int>(x.Length);
        machine.Launch(Blocks, Threads, machine.Upload(x), words);
        int[] parts = words.ToArray<int>();
        for (int i = 0; i < x.Length; i++)
        {
            double lead = Part(parts[i & ~1], i & 1), rest = Part(parts[i | 1], i & 1);
            Assert.InRange(Math.Abs(x[i] - lead), 0, Math.ScaleB(Math.Abs((double)x[i]), -8));
            Assert.InRange(Math.Abs(x[i] - lead - rest), 0, isFloat16 ? 0 : Math.ScaleB(Math.Abs((double)x[i]), -17));
        }
    }

    private static double Part(int word, int half) => NarrowReference.Widen((ushort)(word >> 16 * half), isHalf: false);
}
