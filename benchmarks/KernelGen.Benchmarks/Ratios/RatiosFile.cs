using System.Text.Json;

namespace KernelGen.Benchmarks.Ratios;

/// <summary>One flat JSON object, name to number; rows without a figure are left out.</summary>
internal static class RatiosFile
{
    /// <summary>Replaces <paramref name="path"/> at once: a reader sees the old figures or the new ones, never half a file.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, double> figures)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        using (FileStream stream = File.Create(temporary))
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            foreach ((string name, double figure) in figures)
                json.WriteNumber(name, figure);
            json.WriteEndObject();
        }

        File.Move(temporary, path, overwrite: true);
    }
}
