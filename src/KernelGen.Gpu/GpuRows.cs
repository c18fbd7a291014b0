using System.Runtime.InteropServices;

namespace KernelGen.Gpu;

/// <summary>Where a tensor's rows lie in its view, in elements. For emitted kernels.</summary>
/// <param name="sequence">From a sequence to the next; 0 where sequences are packed, and where they begin is all that tells them apart.</param>
/// <param name="head">From a head to the next.</param>
/// <param name="token">From a token to the next.</param>
/// <param name="heads">Query heads that share a head of the tensor.</param>
[StructLayout(LayoutKind.Sequential)]
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public struct GpuRows(long sequence, long head, long token, long heads)
{
    /// <summary>Elements from a sequence to the next.</summary>
    public long Sequence = sequence;

    /// <summary>Elements from a head to the next.</summary>
    public long Head = head;

    /// <summary>Elements from a token to the next.</summary>
    public long Token = token;

    /// <summary>Query heads that share a head of the tensor.</summary>
    public long Heads = heads;
}

/// <summary>How sequences are cut over thread blocks. For emitted kernels.</summary>
/// <param name="tokens">Tokens of a cut: whole chunks, or more than any sequence has.</param>
/// <param name="packed">1 where sequences are packed, each with its own entry in the list of starts; 0 where all have the first.</param>
/// <param name="slots">States of a sequence and head in the views of states.</param>
/// <param name="slot">From the state of a cut to that of the next: 1, or 0 where all cuts have the same.</param>
[StructLayout(LayoutKind.Sequential)]
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public struct GpuCut(long tokens, long packed, long slots, long slot)
{
    /// <summary>Tokens of a cut.</summary>
    public long Tokens = tokens;

    /// <summary>1 where sequences are packed, 0 where they are not.</summary>
    public long Packed = packed;

    /// <summary>States of a sequence and head.</summary>
    public long Slots = slots;

    /// <summary>States from a cut to the next.</summary>
    public long Slot = slot;
}
