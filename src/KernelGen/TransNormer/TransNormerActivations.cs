using System.Runtime.CompilerServices;
using KernelGen.Runtime;

namespace KernelGen;

/// <summary>
/// What a block's forward call leaves for its backward call: q, k, v, u, the attention's outputs, the rows between the two halves, and the two factors of the gated linear unit. Made once and
/// used for call after call: it grows to the largest, and holds what the last forward call wrote. One call at a time.
/// </summary>
/// <typeparam name="T">Element type.</typeparam>
public sealed class TransNormerActivations<T>
    where T : unmanaged
{
    private AlignedBuffer<T> _memory;

    /// <summary>Sequences of the last forward call.</summary>
    public int Batch { get; private set; }

    /// <summary>Tokens of each sequence of the last forward call.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes it holds.</summary>
    public long Bytes => (long)_memory.Length * Unsafe.SizeOf<T>();

    /// <summary>The block that wrote them; null before a forward call.</summary>
    internal TransNormerTraits? Block { get; private set; }

    internal ref T First => ref _memory.First;

    /// <summary>Makes room; what was there is gone.</summary>
    internal void Begin(TransNormerTraits block, int batch, int length, long elements)
    {
        Block = null;
        if (elements > AlignedBuffer<T>.MaxLength)
            throw new InvalidOperationException($"activations of {elements} elements are more than the {AlignedBuffer<T>.MaxLength} that one array can hold");
        if (elements > _memory.Length)
            _memory = AlignedBuffer<T>.Create((int)elements, clear: false);
        (Batch, Length) = (batch, length);
    }

    /// <summary>Says that everything has been written.</summary>
    internal void Complete(TransNormerTraits block) => Block = block;
}
