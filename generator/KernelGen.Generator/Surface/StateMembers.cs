using KernelGen.Generator.Spec;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

internal static class StateMembers
{
    public static void WriteCreate(CodeWriter writer, KernelSpec spec)
    {
        writer.Doc("""
            <summary>A state at the beginning of every sequence, to continue by <c>Forward</c> and <c>Step</c>.</summary>
            <param name="sequences">Sequences N, at least 1.</param>
            <param name="heads">Query heads H, at least 1.</param>
            <exception cref="T:System.ArgumentOutOfRangeException">A count is below 1, or the state would be longer than an array can be.</exception>
            """);
        writer.Line(SurfaceNames.GeneratedCode);
        writer.Line($"public static {SurfaceNames.State(spec)} CreateState(int sequences, int heads) =>");
        using (writer.Indent())
            writer.Line($"{SurfaceNames.Driver(spec, "CreateState")}(sequences, heads);");
    }

    public static void WriteRead(CodeWriter writer, KernelSpec spec)
    {
        writer.Doc("""
            <summary>Reads a state that <c>AttentionState.Write</c> wrote, by a declaration of this variant.</summary>
            <remarks>Exactly the state is consumed: what follows it in the stream is left for the caller.</remarks>
            <param name="stream">At the first byte of the state.</param>
            <exception cref="T:System.IO.InvalidDataException">The bytes are not a state, or one of another variant or format version, or truncated, or damaged; the message says which.</exception>
            """);
        writer.Line(SurfaceNames.GeneratedCode);
        writer.Line($"public static {SurfaceNames.State(spec)} ReadState(global::System.IO.Stream stream) =>");
        using (writer.Indent())
            writer.Line($"{SurfaceNames.Driver(spec, "ReadState")}(stream);");
    }
}
