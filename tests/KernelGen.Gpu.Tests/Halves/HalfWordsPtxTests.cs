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
}
