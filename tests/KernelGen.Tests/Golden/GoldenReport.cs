using System.Text.Json;

namespace KernelGen.Tests.Golden;

/// <summary>One case at one level with one element type. An array that several declarations compute has the error of the worst.</summary>
/// <param name="Case">System and file stem.</param>
/// <param name="Level">Instruction set.</param>
/// <param name="DType">Element type.</param>
/// <param name="Errors">Every array that was compared.</param>
/// <param name="Faults">Why calls were refused; their arrays have no error, and do not pass.</param>
internal sealed record GoldenRun(string Case, string Level, string DType, IReadOnlyList<GoldenError> Errors, IReadOnlyList<string> Faults)
{
    public bool Passed => Faults.Count == 0 && Errors.All(error => error.Passed);
}

/// <summary>Scaled error of one array, and what it may be.</summary>
internal sealed record GoldenError(string Array, double Value, double Tolerance, bool IsGradient)
{
    public bool Passed => Value <= Tolerance;
}

/// <summary>A case that could not be read or mapped.</summary>
internal sealed record GoldenFault(string Case, string Reason);

/// <summary>What became of a folder of cases.</summary>
/// <param name="Ran">Every run.</param>
/// <param name="NotRun">Levels that this machine lacks.</param>
/// <param name="Unsupported">Cases of systems and variants that the library does not have yet.</param>
/// <param name="Faults">Cases that it should have run, but could not.</param>
internal sealed record GoldenReport(
    IReadOnlyList<GoldenRun> Ran, IReadOnlyList<string> NotRun, IReadOnlyList<string> Unsupported, IReadOnlyList<GoldenFault> Faults)
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true };

    public int Failed => Ran.Count(run => !run.Passed) + Faults.Count;

    /// <summary>Writes it as JSON: beside its place first, then moved there whole, so that no reader ever sees half of it.</summary>
    public void Write(string path)
    {
        string full = Path.GetFullPath(path);
        string part = $"{full}.{Path.GetRandomFileName()}";
        using (FileStream stream = File.Create(part))
        using (var json = new Utf8JsonWriter(stream, s_indented))
            Write(json);
        File.Move(part, full, overwrite: true);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("ran");
        foreach (GoldenRun run in Ran)
        {
            json.WriteStartObject();
            json.WriteString("case", run.Case);
            json.WriteString("level", run.Level);
            json.WriteString("dtype", run.DType);
            json.WriteStartObject("errors");
            foreach (GoldenError error in run.Errors)
            {
                // JSON has no NaN and no infinity.
                if (double.IsFinite(error.Value))
                    json.WriteNumber(error.Array, error.Value);
                else
                    json.WriteNull(error.Array);
            }

            json.WriteEndObject();
            json.WriteBoolean("passed", run.Passed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Strings(json, "differs", []);
        Strings(json, "unsupported", Unsupported);
        Strings(json, "not_run", NotRun);
        json.WriteStartObject("faults");
        foreach (GoldenFault fault in Faults)
            json.WriteString(fault.Case, fault.Reason);
        json.WriteEndObject();
        json.WriteNumber("failed", Failed);
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
