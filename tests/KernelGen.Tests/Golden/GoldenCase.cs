using System.Text.Json;

namespace KernelGen.Tests.Golden;

/// <summary>One golden file: its arrays, and the settings that say what was computed from them.</summary>
internal sealed class GoldenCase
{
    private readonly IReadOnlyDictionary<string, GoldenArray> _arrays;
    private readonly JsonElement _settings;

    private GoldenCase(string name, IReadOnlyDictionary<string, GoldenArray> arrays, JsonElement settings) =>
        (Name, _arrays, _settings) = (name, arrays, settings);

    /// <summary>System and file stem.</summary>
    public string Name { get; }

    public string System => Name[..Name.IndexOf('/', StringComparison.Ordinal)];

    public IEnumerable<string> ArrayNames => _arrays.Keys;

    /// <summary>Every case file under a folder, however deep, in a fixed order.</summary>
    public static IReadOnlyList<string> FilesUnder(string folder) =>
        Directory.EnumerateFiles(folder, "*.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();

    /// <summary>A case is named after its file and the folder that it lies in, which is its system.</summary>
    public static string NameOf(string path) => $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileNameWithoutExtension(path)}";

    public static GoldenCase Read(string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        if (!file.Metadata.TryGetValue("settings", out string? text))
            throw new InvalidDataException($"{Path.GetFileName(path)}: no settings in its metadata");
        return new GoldenCase(NameOf(path), file.Arrays, Settings(path, text));
    }

    public GoldenArray? Find(string name) => _arrays.GetValueOrDefault(name);

    /// <summary>An array that must be there, with that shape.</summary>
    public double[] Values(string name, params int[] shape)
    {
        GoldenArray array = Find(name) ?? throw new UnmappableCaseException($"it has no array {name}");
        return array.Shape.AsSpan().SequenceEqual(shape)
            ? array.Values
            : throw new UnmappableCaseException($"{name} is {array.ShapeText}, expected [{string.Join(", ", shape)}]");
    }

    /// <summary>Shape of an array that must be there, with that rank.</summary>
    public int[] Shape(string name, int rank)
    {
        GoldenArray array = Find(name) ?? throw new UnmappableCaseException($"it has no array {name}");
        return array.Shape.Length == rank ? array.Shape : throw new UnmappableCaseException($"{name} is {array.ShapeText}, expected {rank} dimensions");
    }

    public string Text(string setting) => Setting(setting, JsonValueKind.String).GetString()!;

    public double Number(string setting) => Setting(setting, JsonValueKind.Number).GetDouble();

    /// <summary>A number, or null where the setting is absent or null.</summary>
    public double? OptionalNumber(string setting) =>
        _settings.TryGetProperty(setting, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? Number(setting) : null;

    public bool Flag(string setting) => _settings.TryGetProperty(setting, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.GetBoolean()
        : throw new UnmappableCaseException($"setting {setting} is missing or no truth value");

    /// <summary>The case by its settings within <c>options</c>.</summary>
    public GoldenCase Options() => new(Name, _arrays, Setting("options", JsonValueKind.Object));

    /// <summary>Fails where the file holds an array that the mapping does not know: whoever ignored it would test something else.</summary>
    public void RequireOnly(params string[] known)
    {
        string[] others = ArrayNames.Except(known).Order(StringComparer.Ordinal).ToArray();
        if (others.Length > 0)
            throw new UnmappableCaseException($"it has arrays that mean nothing here: {string.Join(", ", others)}");
    }

    private static JsonElement Settings(string path, string text)
    {
        try
        {
            using JsonDocument settings = JsonDocument.Parse(text);
            if (settings.RootElement.ValueKind == JsonValueKind.Object)
                return settings.RootElement.Clone();
            throw new InvalidDataException($"{Path.GetFileName(path)}: its settings are a JSON {settings.RootElement.ValueKind}, not an object");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)}: its settings are no JSON: {fault.Message}", fault);
        }
    }

    private JsonElement Setting(string name, JsonValueKind kind) => _settings.TryGetProperty(name, out JsonElement value) && value.ValueKind == kind
        ? value
        : throw new UnmappableCaseException($"setting {name} is missing or not a JSON {kind}");
}

/// <summary>A case of a supported system that says something the harness does not understand: a failure, never passed over.</summary>
internal sealed class UnmappableCaseException(string message) : Exception(message);
