namespace KernelGen.Runtime;

/// <summary>
/// The saved form of a state, all little-endian:
/// <list type="number">
/// <item>magic, 8 bytes; format version, int32; length of the header that follows, int32;</item>
/// <item>header: element type, D, M, E, C, the seven numbers of <see cref="StateLayout"/>, sequences N, heads H, each int32, then the variant text in UTF-8;</item>
/// <item>SHA-256 of everything before it, so that no count is believed which was damaged;</item>
/// <item>position and grid origin of each sequence, int64 each; the N x H state blocks;</item>
/// <item>SHA-256 of everything before it.</item>
/// </list>
/// The digests tell damage, not forgery.
/// </summary>
internal static class StateFormat
{
    public const int Version = 1;

    public const int PrefixLength = 16;

    /// <summary>Bytes of a header before its variant text.</summary>
    public const int FixedHeaderLength = 14 * sizeof(int);

    /// <summary>More than any declaration's; a length beyond it is damage.</summary>
    public const int MaxHeaderLength = 1 << 20;

    public static ReadOnlySpan<byte> Magic => "KGSTATE\0"u8;
}
