using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KernelGen.Runtime;

/// <summary>Writes the pieces of <see cref="StateFormat"/> and digests them as they pass.</summary>
internal sealed class StateWriter : IDisposable
{
    private readonly ByteSink _sink;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public StateWriter(ByteSink sink) => _sink = sink;

    public void Header(StateHeader header)
    {
        byte[] bytes = header.ToBytes();
        Span<byte> prefix = stackalloc byte[StateFormat.PrefixLength];
        StateFormat.Magic.CopyTo(prefix);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[8..], StateFormat.Version);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[12..], bytes.Length);
        Bytes(prefix);
        Bytes(bytes);
        Digest();
    }

    public void Position(long position, long origin)
    {
        Span<byte> bytes = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, position);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[sizeof(long)..], origin);
        Bytes(bytes);
    }

    public void Elements<T>(ReadOnlySpan<T> elements)
        where T : unmanaged => LittleEndian.Write(elements, Bytes);

    /// <summary>Writes the digest of everything so far, which itself belongs to what later digests cover.</summary>
    public void Digest()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetCurrentHash(digest);
        Bytes(digest);
    }

    public void Dispose() => _hash.Dispose();

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _sink(bytes);
    }
}
