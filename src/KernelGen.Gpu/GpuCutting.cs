using ILGPU;

namespace KernelGen.Gpu;

/// <summary>
/// How a call's sequences are cut so that a few heads fill a chip: by shape alone, so that every device adds in the same order. Runs of chunks add up what they contribute to
/// the state, all at once; one kernel folds the sums from run to run; then every run computes its outputs from the state before it. That reads keys and values twice.
/// </summary>
/// <param name="Count">Runs of a sequence; 1: it is not cut.</param>
/// <param name="Tokens">Tokens of a run.</param>
internal readonly record struct GpuCutting(int Count, int Tokens)
{
    /// <summary>Blocks that keep a large device busy.</summary>
    private const int Blocks = 256;

    /// <summary>Tokens of the shortest run: with 64 features and values it moves twice the bytes that its state does on the way through the fold.</summary>
    private const int LeastTokens = 256;

    /// <param name="length">Tokens of the longest sequence.</param>
    /// <param name="blocks">Blocks of the call where it is not cut.</param>
    public static GpuCutting Of(int length, long blocks)
    {
        if (length < 2 * LeastTokens || blocks > Blocks / 2)
            return new GpuCutting(1, Math.Max(1, length));
        long runs = Math.Min(Blocks / Math.Max(1, blocks), length / LeastTokens);
        int tokens = (int)((((length + runs - 1) / runs) + 31) / 32 * 32);
        return new GpuCutting((length + tokens - 1) / tokens, tokens);
    }

    /// <summary>The cut, where runs have states of their own.</summary>
    public GpuCut Own(bool isPacked) => new(Tokens, isPacked ? 1 : 0, Count, 1);

    /// <summary>The cut, where all runs of a sequence have one state.</summary>
    public GpuCut Shared(bool isPacked) => new(Tokens, isPacked ? 1 : 0, 1, 0);

    /// <summary>The grid of a phase: runs, heads and slices, sequences.</summary>
    public Index3D Grid(int heads, int slices, int sequences) => new(Count, heads * slices, sequences);
}
