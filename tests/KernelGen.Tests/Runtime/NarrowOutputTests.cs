using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KernelGen.Runtime;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Runtime;

/// <summary>Rows that are rounded to a 16-bit format on their way out: the nearest numbers, and nothing beside them, wherever rows begin.</summary>
public sealed unsafe class NarrowOutputTests
{
    private const int Rows = 3, StagedStride = 80, First = 2;

    public static TheoryData<OutputMode> Rounding => [OutputMode.Store, OutputMode.Stage];

    [Theory]
    [MemberData(nameof(Rounding))]
    public void Narrow_ToHalf_RoundsAndNothingElse(OutputMode mode) => Check<Half>(mode);

    [Theory]
    [MemberData(nameof(Rounding))]
    public void Narrow_ToBFloat16_RoundsAndNothingElse(OutputMode mode) => Check<BFloat16>(mode);

    [Fact]
    public void Narrow_KeptThenAdded_StaysUnrounded()
    {
        float[] staged = Staged(), sums = new float[(First + Rows) * 67];
        OutputStore.Narrow<BFloat16>(ref staged[0], StagedStride, ref sums[0], 67, First, Rows, 67, OutputMode.Keep);
        OutputStore.Narrow<BFloat16>(ref staged[0], StagedStride, ref sums[0], 67, First, Rows, 67, OutputMode.Add);

        for (int i = 0; i < sums.Length; i++)
            Assert.Equal(i < First * 67 ? 0f : 2 * Staged()[((i / 67) - First) * StagedStride + (i % 67)], sums[i]);
    }

    [Theory]
    [InlineData(0, 64, OutputMode.Stage)]
    [InlineData(2, 64, OutputMode.Stage)]
    [InlineData(0, 40, OutputMode.Store)]
    public void Choose_LargeOutputOfHalf_IsStaged(int byteOffset, int rowElements, OutputMode expected)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc(64, 64);
        Assert.Equal(expected, OutputStore.Choose((Half*)(memory + byteOffset), OutputStore.StreamedBytes / sizeof(Half), rowElements));
        Assert.Equal(OutputMode.Store, OutputStore.Choose((Half*)(memory + byteOffset), (OutputStore.StreamedBytes / sizeof(Half)) - 1, rowElements));
        NativeMemory.AlignedFree(memory);
    }

    [Fact]
    public void Overlaps_TensorsOfTwoTypes_CountsBytes()
    {
        byte[] memory = new byte[64];
        TensorMemory halves = TensorMemory.Of<Half>(MemoryMarshal.Cast<byte, Half>(memory.AsSpan(0, 16)));

        Assert.False(halves.Overlaps(TensorMemory.Of<float>(MemoryMarshal.Cast<byte, float>(memory.AsSpan(16, 8)))));
        Assert.True(halves.Overlaps(TensorMemory.Of<float>(MemoryMarshal.Cast<byte, float>(memory.AsSpan(12, 8)))));
        Assert.True(TensorMemory.Of<float>(MemoryMarshal.Cast<byte, float>(memory.AsSpan(12, 8))).Overlaps(halves));
        Assert.False(TensorMemory.Of<float>(MemoryMarshal.Cast<byte, float>(memory.AsSpan(16, 8))).Overlaps(halves));
        Assert.False(halves.Overlaps(default));
    }

    private static void Check<T>(OutputMode mode)
        where T : unmanaged
    {
        foreach (int offset in new[] { 0, 1, 8, 31 })
        {
            foreach (int columns in new[] { 1, 7, 16, 33, 64, 67 })
            {
                int stride = columns + 5, from = offset + (First * stride);
                float[] staged = Staged(pinned: true), expected = Staged();
                T[] output = GC.AllocateArray<T>(from + (Rows * stride), pinned: true);

                OutputStore.Narrow<T>(ref staged[0], StagedStride, ref Unsafe.As<T, float>(ref output[offset]), stride, First, Rows, columns, mode);
                OutputStore.Fence();

                for (int i = 0; i < output.Length; i++)
                {
                    (int r, int c) = ((i - from) / stride, (i - from) % stride);
                    double number = i >= from && c < columns ? Element<T>.ToDouble(Element<T>.From(expected[(r * StagedStride) + c])) : 0;
                    Assert.Equal(number, Element<T>.ToDouble(output[i]));
                }
            }
        }
    }

    private static float[] Staged(bool pinned = false)
    {
        float[] staged = GC.AllocateArray<float>(Rows * StagedStride, pinned);
        for (int i = 0; i < staged.Length; i++)
            staged[i] = (i + 1) * 1.2345678f;
        return staged;
    }
}
