using System.Buffers.Binary;
using System.Text;

namespace KernelGen.Runtime;

/// <summary>What a saved state says of itself.</summary>
internal sealed record StateHeader(DType DType, int HeadDim, int FeatureDim, int ValueDim, int ChunkSize, StateLayout Layout, int Sequences, int Heads, string Variant)
{
    public static StateHeader Of(KernelTraits traits, int sequences, int heads) =>
        new(traits.StateType, traits.HeadDim, traits.FeatureDim, traits.ValueDim, traits.ChunkSize, traits.State, sequences, heads, traits.Variant);

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[StateFormat.FixedHeaderLength + Encoding.UTF8.GetByteCount(Variant)];
        ReadOnlySpan<int> numbers =
        [
            (int)DType, HeadDim, FeatureDim, ValueDim, ChunkSize,
            Layout.Length, Layout.SumOffset, Layout.SumStride, Layout.SumCompensationOffset,
            Layout.NormalizerOffset, Layout.NormalizerCompensationOffset, Layout.ChunkOffset,
            Sequences, Heads,
        ];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), numbers[i]);
        Encoding.UTF8.GetBytes(Variant, bytes.AsSpan(StateFormat.FixedHeaderLength));
        return bytes;
    }

    /// <param name="bytes">At least <see cref="StateFormat.FixedHeaderLength"/> bytes.</param>
    public static StateHeader Parse(ReadOnlySpan<byte> bytes)
    {
        Span<int> numbers = stackalloc int[StateFormat.FixedHeaderLength / sizeof(int)];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        var layout = new StateLayout
        {
            Length = numbers[5],
            SumOffset = numbers[6],
            SumStride = numbers[7],
            SumCompensationOffset = numbers[8],
            NormalizerOffset = numbers[9],
            NormalizerCompensationOffset = numbers[10],
            ChunkOffset = numbers[11],
        };
        return new StateHeader((DType)numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], layout, numbers[12], numbers[13], Encoding.UTF8.GetString(bytes[StateFormat.FixedHeaderLength..]));
    }
}
