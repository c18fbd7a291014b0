using System.Runtime.InteropServices;
using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

/// <summary>Outputs written past the caches: when, and that it changes nothing.</summary>
public sealed unsafe class OutputStoreTests
{
    [Theory]
    [InlineData(0, 64, true)]
    [InlineData(64, 16, true)]
    [InlineData(4, 64, false)]
    [InlineData(0, 24, false)]
    public void Streams_LargeOutput_WantsWholeLines(int byteOffset, int rowElements, bool expected)
    {
        float* memory = (float*)NativeMemory.AlignedAlloc((nuint)OutputStore.StreamedBytes + 128, 64);
        Assert.Equal(expected, OutputStore.Streams((float*)((byte*)memory + byteOffset), OutputStore.StreamedBytes / sizeof(float), rowElements));
        NativeMemory.AlignedFree(memory);
    }

    [Fact]
    public void Streams_OutputThatFitsTheNearCaches_IsStoredAsUsual()
    {
        float* memory = (float*)NativeMemory.AlignedAlloc(64, 64);
        Assert.False(OutputStore.Streams(memory, (OutputStore.StreamedBytes / sizeof(float)) - 1, 64));
        NativeMemory.AlignedFree(memory);
    }

    [Theory]
    [InlineData(InstructionSet.Scalar)]
    [InlineData(InstructionSet.Vector128)]
    [InlineData(InstructionSet.Avx2)]
    [InlineData(InstructionSet.Avx512)]
    public void Forward_StreamedOutput_HasTheBitsOfAnOrdinaryOne(InstructionSet cap)
    {
        // The same output twice: on a line boundary, where it is streamed, and 4 bytes further, where it cannot be.
        const int Length = 8200, Heads = 2, Dim = 64;
        const int Count = Length * Heads * Dim;
        AttentionShape shape = new(1, Length, Heads);
        float[] q = Values(1), k = Values(2), v = Values(3);
        float* memory = (float*)NativeMemory.AlignedAlloc((nuint)((2L * Count) + 64) * sizeof(float), 64);
        Span<float> streamed = new(memory, Count), ordinary = new(memory + Count + 1, Count);
        streamed.Fill(float.NaN);
        ordinary.Fill(float.NaN);
        const float Guard = 7f;
        memory[Count] = Guard;
        Assert.True(OutputStore.Streams(memory, Count, Dim));

        Kernels.Lightning64.Forward(q, k, v, streamed, shape, new() { Cap = cap });
        Kernels.Lightning64.Forward(q, k, v, ordinary, shape, new() { Cap = cap });

        Assert.True(MemoryMarshal.AsBytes(streamed).SequenceEqual(MemoryMarshal.AsBytes(ordinary)));
        Assert.DoesNotContain(float.NaN, streamed.ToArray());
        Assert.Equal(Guard, memory[Count]);
        NativeMemory.AlignedFree(memory);

        static float[] Values(int seed)
        {
            Random random = new(seed);
            float[] values = new float[Count];
            for (int i = 0; i < Count; i++)
                values[i] = (random.NextSingle() * 2f) - 1f;
            return values;
        }
    }
}
