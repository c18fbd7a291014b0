using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace KernelGen.Tests.Golden;

/// <summary>Builds safetensors files for tests of what reads them.</summary>
internal sealed class SafetensorsBuilder(string settings)
{
    private readonly List<string> _entries = [$"\"__metadata__\": {{\"settings\": {JsonSerializer.Serialize(settings)}}}"];
    private readonly List<byte> _data = [];

    public SafetensorsBuilder Add(string name, int[] shape, params double[] values)
    {
        int start = _data.Count;
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        foreach (double value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            _data.AddRange(bytes);
        }

        return Entry(name, "F64", shape, start);
    }

    public SafetensorsBuilder Add(string name, int[] shape, params int[] values)
    {
        int start = _data.Count;
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (int value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            _data.AddRange(bytes);
        }

        return Entry(name, "I32", shape, start);
    }

    public SafetensorsBuilder Add(string name, string kind, int[] shape, params byte[] bytes)
    {
        int start = _data.Count;
        _data.AddRange(bytes);
        return Entry(name, kind, shape, start);
    }

    public byte[] ToBytes() => Of("{" + string.Join(", ", _entries) + "}", [.. _data]);

    /// <summary>A file of any header and data.</summary>
    public static byte[] Of(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. data];
    }

    private SafetensorsBuilder Entry(string name, string kind, int[] shape, int start)
    {
        _entries.Add($"\"{name}\": {{\"dtype\": \"{kind}\", \"shape\": [{string.Join(", ", shape)}], \"data_offsets\": [{start}, {_data.Count}]}}");
        return this;
    }
}
