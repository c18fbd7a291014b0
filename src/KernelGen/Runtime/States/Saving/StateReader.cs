using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace KernelGen.Runtime;

/// <summary>Reads the pieces of <see cref="StateFormat"/>, refusing everything that <see cref="StateWriter"/> did not write.</summary>
internal sealed class StateReader : IDisposable
{
    private readonly Stream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public StateReader(Stream stream) => _stream = stream;

    public StateHeader Header()
    {
        Span<byte> prefix = stackalloc byte[StateFormat.PrefixLength];
        Bytes(prefix);
        if (!prefix[..8].SequenceEqual(StateFormat.Magic))
            Invalid("the bytes are not a KernelGen state");
        int version = BinaryPrimitives.ReadInt32LittleEndian(prefix[8..]);
        if (version != StateFormat.Version)
            Invalid($"the state has format version {version}, this library reads version {StateFormat.Version}");
        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix[12..]);
        if (length is < StateFormat.FixedHeaderLength or > StateFormat.MaxHeaderLength)
            Invalid($"the state is damaged: a header of {length} bytes");
        byte[] header = new byte[length];
        Bytes(header);
        Digest("header");
        return StateHeader.Parse(header);
    }

    public (long Position, long Origin) Position()
    {
        Span<byte> bytes = stackalloc byte[2 * sizeof(long)];
        Bytes(bytes);
        return (BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(long)..]));
    }

    public void Elements<T>(Span<T> elements)
        where T : unmanaged => LittleEndian.Read(elements, Bytes);

    /// <summary>Compares the digest that follows with that of everything so far.</summary>
    public void Digest(string part)
    {
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> stored = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetCurrentHash(expected);
        Bytes(stored);
        if (!stored.SequenceEqual(expected))
            Invalid($"the state is damaged: its {part} does not have the digest it was written with");
    }

    /// <summary>Refuses a state whose remaining bytes the stream cannot hold, before memory is taken for them.</summary>
    public void Expect(Int128 bytes)
    {
        if (_stream.CanSeek && _stream.Length - _stream.Position < bytes)
            Truncated();
    }

    public void Dispose() => _hash.Dispose();

    [DoesNotReturn]
    public static void Invalid(string why) => throw new InvalidDataException(why);

    [DoesNotReturn]
    private static void Truncated() => Invalid("the state is truncated");

    private void Bytes(Span<byte> bytes)
    {
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) != bytes.Length)
            Truncated();
        _hash.AppendData(bytes);
    }
}
