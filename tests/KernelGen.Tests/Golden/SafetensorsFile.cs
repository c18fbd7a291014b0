using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace KernelGen.Tests.Golden;

/// <summary>An array of a golden file, its numbers widened to double (integers of a file are indices and lengths, far below 2^53).</summary>
internal sealed record GoldenArray(string Name, int[] Shape, double[] Values)
{
    public string ShapeText => $"[{string.Join(", ", Shape.Select(n => n.ToString(CultureInfo.InvariantCulture)))}]";
}

/// <summary>
/// A safetensors file: the length of a JSON header (8 bytes, little-endian), the header, the data. Whatever does not fit is an
/// <see cref="InvalidDataException"/> that says what and where.
/// </summary>
internal sealed class SafetensorsFile
{
    private const int LengthBytes = sizeof(long);

    private SafetensorsFile(IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, GoldenArray> arrays) =>
        (Metadata, Arrays) = (metadata, arrays);

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyDictionary<string, GoldenArray> Arrays { get; }

    public static SafetensorsFile Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception fault) when (fault is InvalidDataException or JsonException)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)}: {fault.Message}", fault);
        }
    }

    public static SafetensorsFile Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < LengthBytes)
            throw new InvalidDataException($"{file.Length} bytes are too few for a header's length");
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (headerLength > (ulong)(file.Length - LengthBytes))
            throw new InvalidDataException($"a header of {headerLength} bytes does not fit into a file of {file.Length}");
        ReadOnlySpan<byte> data = file[(LengthBytes + (int)headerLength)..];
        var reader = new Utf8JsonReader(file.Slice(LengthBytes, (int)headerLength));
        using JsonDocument header = JsonDocument.ParseValue(ref reader);
        if (header.RootElement.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"the header is a JSON {header.RootElement.ValueKind}, not an object");

        var metadata = new Dictionary<string, string>();
        var arrays = new Dictionary<string, GoldenArray>();
        foreach (JsonProperty entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name != "__metadata__")
            {
                arrays[entry.Name] = Array(entry.Name, entry.Value, data);
                continue;
            }

            foreach (JsonProperty text in entry.Value.EnumerateObject())
                metadata[text.Name] = text.Value.GetString() ?? throw new InvalidDataException($"metadata {text.Name} is null");
        }

        return new SafetensorsFile(metadata, arrays);
    }

    private static GoldenArray Array(string name, JsonElement entry, ReadOnlySpan<byte> data)
    {
        string kind = Member(entry, name, "dtype", JsonValueKind.String).GetString()!;
        int size = kind switch
        {
            "F64" or "I64" => 8,
            "F32" or "I32" => 4,
            "U8" or "BOOL" => 1,
            _ => throw new InvalidDataException($"{name}: dtype {kind} is none of F64, F32, I64, I32, U8, BOOL"),
        };
        int[] shape = Member(entry, name, "shape", JsonValueKind.Array).EnumerateArray().Select(n => Integer(n, name, "shape")).ToArray();
        int[] offsets = Member(entry, name, "data_offsets", JsonValueKind.Array).EnumerateArray().Select(n => Integer(n, name, "data_offsets")).ToArray();
        if (offsets.Length != 2 || offsets[0] > offsets[1] || offsets[1] > data.Length)
            throw new InvalidDataException($"{name}: data_offsets [{string.Join(", ", offsets)}] are no part of {data.Length} bytes of data");
        Int128 bytes = shape.Aggregate((Int128)size, (product, n) => product * n);
        if (bytes != offsets[1] - offsets[0])
            throw new InvalidDataException($"{name}: shape [{string.Join(", ", shape)}] of {kind} needs {bytes} bytes, data_offsets hold {offsets[1] - offsets[0]}");

        ReadOnlySpan<byte> bytesOfArray = data[offsets[0]..offsets[1]];
        double[] values = new double[bytesOfArray.Length / size];
        for (int i = 0; i < values.Length; i++)
            values[i] = Number(kind, bytesOfArray[(i * size)..]);
        return new GoldenArray(name, shape, values);
    }

    private static double Number(string kind, ReadOnlySpan<byte> at) => kind switch
    {
        "F64" => BinaryPrimitives.ReadDoubleLittleEndian(at),
        "F32" => BinaryPrimitives.ReadSingleLittleEndian(at),
        "I64" => BinaryPrimitives.ReadInt64LittleEndian(at),
        "I32" => BinaryPrimitives.ReadInt32LittleEndian(at),
        _ => at[0],
    };

    private static JsonElement Member(JsonElement entry, string name, string member, JsonValueKind kind) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(member, out JsonElement value) && value.ValueKind == kind
            ? value
            : throw new InvalidDataException($"{name}: {member} is missing or not a JSON {kind}");

    private static int Integer(JsonElement number, string name, string member) =>
        number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out int value) && value >= 0
            ? value
            : throw new InvalidDataException($"{name}: {member} holds {number}, not an integer from 0 to {int.MaxValue}");
}
