using System.Text.Json;
using System.Text.Json.Serialization;

namespace KernelGen.Gpu.Verification.Runner;

/// <summary>One launch of a kernel in a process of its own: what a case file holds, as JSON.</summary>
public sealed record KernelCase
{
    private static readonly JsonSerializerOptions _options = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Path of the assembly.</summary>
    public required string Assembly { get; init; }

    /// <summary>Full name of the type, which must be public.</summary>
    public required string Type { get; init; }

    /// <summary>Name of its method: public, static, explicitly grouped and the only one of that name.</summary>
    public required string Method { get; init; }

    /// <summary>Threads a group.</summary>
    public required int GroupSize { get; init; }

    /// <summary>Groups.</summary>
    public required int Grid { get; init; }

    /// <summary>The arguments in the order of the method's parameters.</summary>
    public required IReadOnlyList<KernelArgument> Arguments { get; init; }

    /// <summary>The case of a method of a type that is loaded here.</summary>
    public static KernelCase Of(Type type, string method, int grid, int groupSize, params KernelArgument[] arguments) => new()
    {
        Assembly = type.Assembly.Location,
        Type = type.FullName!,
        Method = method,
        GroupSize = groupSize,
        Grid = grid,
        Arguments = arguments,
    };

    /// <summary>Reads a case file.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static KernelCase Load(string path) =>
        JsonSerializer.Deserialize<KernelCase>(File.ReadAllText(path), _options) ?? throw new JsonException($"{path} holds no case");

    /// <summary>Writes a case file.</summary>
    public void Save(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, _options));
}
