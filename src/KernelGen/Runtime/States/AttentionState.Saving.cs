using System.Buffers;
using KernelGen.Runtime;

namespace KernelGen;

/// <content>Saved states.</content>
public abstract partial class AttentionState<T>
{
    /// <summary>
    /// Writes the whole state, unfinished chunks included, so that a sequence read back (<c>ReadState</c> of the generated class) goes on
    /// with the same bits. The form is versioned, little-endian, and carries the variant and digests of everything.
    /// </summary>
    /// <param name="stream">Receives the state from its current place on.</param>
    /// <exception cref="ObjectDisposedException">The state has been disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is using the state.</exception>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(stream.Write);
    }

    /// <inheritdoc cref="Write(Stream)"/>
    /// <param name="writer">Receives the state.</param>
    public void Write(IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Write(writer.Write);
    }

    /// <summary>Fills a new state from the reader, after its header.</summary>
    internal void Read(StateReader reader)
    {
        for (int n = 0; n < Sequences; n++)
            (_positions[n], _origins[n]) = reader.Position();
        reader.Elements(_blocks.Span);
        reader.Digest("content");
        for (int n = 0; n < Sequences; n++)
        {
            if (_origins[n] < 0 || _positions[n] < _origins[n])
                StateReader.Invalid($"the state is damaged: sequence {n} is at {_positions[n]}, in a chunk grid that begins at {_origins[n]}");
        }
    }

    private void Write(ByteSink sink)
    {
        Enter();
        try
        {
            using var writer = new StateWriter(sink);
            writer.Header(StateHeader.Of(Traits, Sequences, Heads));
            for (int n = 0; n < Sequences; n++)
                writer.Position(_positions[n], _origins[n]);
            writer.Elements<T>(_blocks.Span);
            writer.Digest();
        }
        finally
        {
            Exit();
        }
    }
}
