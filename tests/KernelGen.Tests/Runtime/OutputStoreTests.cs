using System.Runtime.InteropServices;
using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

/// <summary>Outputs written past the caches: when, and that it changes nothing.</summary>
public sealed unsafe class OutputStoreTests
{
    [Theory]
    [InlineData(0, 64, OutputMode.Stream)]
    [InlineData(64, 16, OutputMode.Stream)]
    [InlineData(4, 64, OutputMode.Stage)]
    [InlineData(0, 40, OutputMode.Stage)]
    [InlineData(4, 16, OutputMode.Store)]
    [InlineData(0, 24, OutputMode.Store)]
    public void Choose_LargeOutput_StreamsWholeLines(int byteOffset, int rowElements, OutputMode expected)
    {
        float* memory = (float*)NativeMemory.AlignedAlloc((nuint)OutputStore.StreamedBytes + 128, 64);
        Assert.Equal(expected, OutputStore.Choose((float*)((byte*)memory + byteOffset), OutputStore.StreamedBytes / sizeof(float), rowElements));
        NativeMemory.AlignedFree(memory);
    }

    [Fact]
    public void Choose_OutputThatFitsTheNearCaches_IsStoredAsUsual()
    {
        float* memory = (float*)NativeMemory.AlignedAlloc(64, 64);
        Assert.Equal(OutputMode.Store, OutputStore.Choose(memory, (OutputStore.StreamedBytes / sizeof(float)) - 1, 64));
        NativeMemory.AlignedFree(memory);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(15)]
    public void Rows_Staged_AreMovedAndNothingElse(int offset)
    {
        foreach (int columns in new[] { 1, 7, 16, 33, 67 })
        {
            const int Rows = 3, StagedStride = 80;
            int stride = columns + 5;
            float[] staged = GC.AllocateArray<float>(Rows * StagedStride, pinned: true);
            float[] output = GC.AllocateArray<float>(offset + (Rows * stride), pinned: true);
            for (int i = 0; i < staged.Length; i++)
                staged[i] = i + 1;

            OutputStore.Rows(ref staged[0], StagedStride, ref output[offset], stride, Rows, columns, OutputMode.Stage);
            OutputStore.Fence();

            for (int i = 0; i < output.Length; i++)
            {
                (int r, int c) = ((i - offset) / stride, (i - offset) % stride);
                Assert.Equal(i >= offset && c < columns ? staged[(r * StagedStride) + c] : 0f, output[i]);
            }

            OutputStore.Rows(ref staged[0], StagedStride, ref output[offset], stride, Rows, columns, OutputMode.Add);
            for (int i = 0; i < output.Length; i++)
            {
                (int r, int c) = ((i - offset) / stride, (i - offset) % stride);
                Assert.Equal(i >= offset && c < columns ? 2 * staged[(r * StagedStride) + c] : 0f, output[i]);
            }
        }
    }

    [Theory]
    [InlineData(InstructionSet.Scalar)]
    [InlineData(InstructionSet.Vector128)]
    [InlineData(InstructionSet.Avx2)]
    [InlineData(InstructionSet.Avx512)]
    public void Forward_LargeOutput_HasTheBitsOfASmallOne(InstructionSet cap)
    {
        // The same output three times: on a line boundary, where it is streamed; four bytes further, where it is staged; and head by head, where it is
        // too small for either.
        const int Length = 8200, Heads = 2, Dim = 64;
        const int Count = Length * Heads * Dim;
        AttentionShape shape = new(1, Length, Heads) { Layout = TensorLayout.HeadFirst };
        float[] q = Values(1), k = Values(2), v = Values(3);
        float* memory = (float*)NativeMemory.AlignedAlloc((nuint)((2L * Count) + 64) * sizeof(float), 64);
        Span<float> streamed = new(memory, Count), staged = new(memory + Count + 1, Count), whole = new(memory, (2 * Count) + 2);
        const float Guard = 7f;
        whole.Fill(Guard);
        Assert.Equal(OutputMode.Stream, OutputStore.Choose(memory, Count, Dim));
        Assert.Equal(OutputMode.Stage, OutputStore.Choose(memory + Count + 1, Count, Dim));

        Kernels.Lightning64.Forward(q, k, v, streamed, shape, new() { Cap = cap });
        Kernels.Lightning64.Forward(q, k, v, staged, shape, new() { Cap = cap });
        float[] ordinary = new float[Count];
        using (AttentionState<float> state = Kernels.Lightning64.CreateState(1, Heads))
            Pieces(state);

        Assert.True(MemoryMarshal.AsBytes(streamed).SequenceEqual(MemoryMarshal.AsBytes(staged)));
        Assert.True(MemoryMarshal.AsBytes(streamed).SequenceEqual(MemoryMarshal.AsBytes(ordinary.AsSpan())));
        Assert.Equal(Guard, memory[Count]);
        Assert.Equal(Guard, memory[(2 * Count) + 1]);
        NativeMemory.AlignedFree(memory);

        // A piece of every head at a time, each piece's output small.
        void Pieces(AttentionState<float> state)
        {
            const int Piece = 1025;
            float[] buffer = new float[4 * Heads * Piece * Dim];
            Memory<float>[] rows = [.. Enumerable.Range(0, 4).Select(i => buffer.AsMemory(i * Heads * Piece * Dim, Heads * Piece * Dim))];
            for (int t = 0; t < Length; t += Piece)
            {
                int length = Math.Min(Piece, Length - t);
                int size = length * Dim;
                for (int h = 0; h < Heads; h++)
                {
                    int from = ((h * Length) + t) * Dim;
                    q.AsSpan(from, size).CopyTo(rows[0].Span[(h * size)..]);
                    k.AsSpan(from, size).CopyTo(rows[1].Span[(h * size)..]);
                    v.AsSpan(from, size).CopyTo(rows[2].Span[(h * size)..]);
                }

                int all = Heads * size;
                AttentionShape piece = new(1, length, Heads) { Layout = TensorLayout.HeadFirst };
                Kernels.Lightning64.Forward(rows[0].Span[..all], rows[1].Span[..all], rows[2].Span[..all], rows[3].Span[..all], piece, state, new() { Cap = cap });
                for (int h = 0; h < Heads; h++)
                    rows[3].Span.Slice(h * size, size).CopyTo(ordinary.AsSpan(((h * Length) + t) * Dim));
            }
        }

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
