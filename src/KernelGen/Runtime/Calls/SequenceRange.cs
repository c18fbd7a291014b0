namespace KernelGen.Runtime;

/// <summary>Where one sequence's tokens lie: its batch entry, its first query and key token there, and how many it has.</summary>
internal readonly record struct SequenceRange(int Batch, int Start, int Length, int KeyStart, int KeyLength)
{
    /// <summary>How many tokens a backward phase runs over.</summary>
    public int Count(BackwardTokens over) => over == BackwardTokens.Queries ? Length : KeyLength;

    /// <summary>The range of a sequence, given the checked packing of a call; both spans are empty where it is a batch.</summary>
    public static SequenceRange Of(in Geometry geometry, ReadOnlySpan<int> cuSeqlens, ReadOnlySpan<int> keyCuSeqlens, int sequence)
    {
        if (cuSeqlens.IsEmpty)
            return new SequenceRange(sequence, 0, geometry.Length, 0, geometry.KeyLength);
        ReadOnlySpan<int> keys = keyCuSeqlens.IsEmpty ? cuSeqlens : keyCuSeqlens;
        return new SequenceRange(0, cuSeqlens[sequence], cuSeqlens[sequence + 1] - cuSeqlens[sequence], keys[sequence], keys[sequence + 1] - keys[sequence]);
    }
}
